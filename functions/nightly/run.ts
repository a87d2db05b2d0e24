import type { Kysely } from 'kysely';
import { addDays, dayNumber } from '../../db/days.ts';
import type { Database } from '../../db/schema.ts';
import { computeDay, type DayProof, listDaysToProve } from '../../db/stats/day-proof.ts';
import { type CheckedItems, checkItems } from '../../db/stats/items-proof.ts';
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
   * The first day of the period for which there was no time,
   * or not enough to look at its orders' items.
   */
  next: string | undefined;
  /** How many former versions of orders were old enough to be deleted. */
  versionsPruned: number;
  /** The same of refused uploads, which are counted by day. */
  refusalsPruned: number;
}

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
 * Computes the task's days one by one, and in a scheduled run a sample of older days; then compares
 * the items of these days' orders with what was uploaded. All that for as long as there is time.
 * Each day is computed as a whole: a run that is killed leaves no half day. Last of all a scheduled
 * run deletes what is kept of refused uploads, and former versions of orders, that are old enough.
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
  const end = dayNumber(task.to);
  for (let day = task.from; dayNumber(day) < end; day = addDays(day, 1)) {
    if (!hasTime()) {
      progress.next = day;
      return;
    }
    progress.days.push(await compute(day));
  }
  if (task.kind === 'night') {
    for (const day of await trying(() => listDaysToProve(db, task.from))) {
      if (!hasTime()) break;
      progress.sample.push(await compute(day));
    }
  }
  for (const { day } of [...progress.days, ...progress.sample]) {
    if (await checkItems(db, day, runId, progress.items, { trying, hasTime })) continue;
    // A scheduled run's rest is the next one's. A first day that takes all the time there
    // is would never end.
    if (task.kind === 'backfill' && day !== task.from) progress.next = day;
    return;
  }
  if (task.kind === 'night') {
    if (hasTime()) progress.refusalsPruned = await trying(() => pruneRefusals(db));
    progress.versionsPruned = await pruneVersions(db, options.keepVersionsDays, options);
  }
}
