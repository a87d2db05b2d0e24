import type { Kysely } from 'kysely';
import { addDays, dayNumber } from '../../db/days.ts';
import type { Database } from '../../db/schema.ts';
import { computeDay, type DayProof } from '../../db/stats/day-proof.ts';
import { type CheckedItems, checkItems } from '../../db/stats/items-proof.ts';
import { listDaysToProve } from '../../db/stats/proved-days.ts';
import { pruneVersions } from '../../db/uploads/prune-versions.ts';
import { pruneRefusals } from '../../db/uploads/refusals.ts';
import type { Task } from './input.ts';

export interface ComputedDay extends DayProof {
  readonly day: string;
}

/** What a run has computed so far; it grows while the run goes on. */
export interface Progress {
  /** The period's days, oldest first. */
  readonly days: ComputedDay[];
  /** Older days that were proved again. */
  readonly sample: ComputedDay[];
  /** Of the orders of all these days. */
  readonly items: CheckedItems;
  /**
   * The first day of the period for which there was no time, or not enough to look at its orders'
   * items: all of those before were looked at, but for a period's first day that took all the time.
   */
  next: string | undefined;
  /** How many former versions of orders were old enough to be deleted. */
  versionsPruned: number;
  /** The same of refused uploads, which are counted by day. */
  refusalsPruned: number;
}

/** What pruning may take of a night's 15 minutes. */
const PRUNING_MS = 120_000;

export interface RunOptions {
  readonly runId: string;
  readonly progress: Progress;
  /** Whether there is time for another day. */
  readonly hasTime: () => boolean;
  /** For how many days former versions of orders are kept. */
  readonly keepVersionsDays: number;
  /** Does a piece of work, again if need be. */
  readonly trying: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * Computes the task's days one by one, for as long as there is time. Each is computed as a whole: a
 * run that is killed leaves no half day. A backfill also compares the items of a day's orders with
 * what was uploaded, before it goes on to the next. A scheduled run deletes what is old enough,
 * computes a sample of older days, too, and compares the items of all these days last.
 */
export async function computeDays(
  db: Kysely<Database>,
  task: Task,
  options: RunOptions,
): Promise<void> {
  const { runId, progress, hasTime, trying } = options;
  const compute = async (day: string) => ({
    day,
    ...(await trying(() => computeDay(db, day, runId))),
  });
  const checkItemsOf = (day: string) =>
    checkItems(db, day, runId, progress.items, { trying, hasTime });

  const end = dayNumber(task.to);
  for (let day = task.from; dayNumber(day) < end; day = addDays(day, 1)) {
    if (!hasTime()) {
      progress.next = day;
      return;
    }
    progress.days.push(await compute(day));
    if (task.kind === 'night' || (await checkItemsOf(day))) continue;
    // A first day that takes all the time there is would never end: the nights go on with it.
    if (day === task.from) continue;
    progress.next = day;
    return;
  }
  if (task.kind === 'backfill') return;
  await prune(db, options); // before proofs, which may take all the time there is
  for (const day of await trying(() => listDaysToProve(db, task.from))) {
    if (!hasTime()) break;
    progress.sample.push(await compute(day));
  }
  for (const { day } of [...progress.days, ...progress.sample]) {
    if (!(await checkItemsOf(day))) return; // the rest is the next run's
  }
}

/**
 * Deletes what is kept of refused uploads, and former versions of orders, that are old enough, for
 * as long as its share of the time lasts: the next night goes on.
 */
async function prune(db: Kysely<Database>, options: RunOptions): Promise<void> {
  const { progress, trying, keepVersionsDays } = options;
  const endsAt = Date.now() + PRUNING_MS;
  const hasTime = () => Date.now() < endsAt && options.hasTime();
  if (hasTime()) progress.refusalsPruned = await trying(() => pruneRefusals(db));
  progress.versionsPruned = await pruneVersions(db, keepVersionsDays, { trying, hasTime });
}
