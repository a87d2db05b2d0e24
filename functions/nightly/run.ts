import type { Kysely } from 'kysely';
import { addDays, dayNumber } from '../../db/days.ts';
import type { Database } from '../../db/schema.ts';
import { computeDay } from '../../db/stats/day-proof.ts';
import { checkItems } from '../../db/stats/items-proof.ts';
import { leaveDay, listDaysToProve } from '../../db/stats/proved-days.ts';
import { pruneVersions } from '../../db/uploads/prune-versions.ts';
import { pruneRefusals } from '../../db/uploads/refusals.ts';
import type { Task } from './input.ts';
import type { ComputedDay, LeftPart, Progress } from './progress.ts';

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
  /** Tells whoever listens of a day of the period. */
  readonly publish: (day: ComputedDay) => Promise<void>;
}

/** Does what a task asks for, as long as there is time, and keeps the progress up to date. */
export async function doTask(db: Kysely<Database>, task: Task, options: RunOptions): Promise<void> {
  const run = task.kind === 'night' ? runNight : runBackfill;
  await run(db, task, options);
}

/**
 * Computes and publishes the day that has ended. All else can wait for another night, and what
 * fails of it does: deleting what is old enough, before proofs, which may take all the time there
 * is; computing a sample of older days; comparing the items of all these days with what was
 * uploaded.
 */
async function runNight(
  db: Kysely<Database>,
  { from: night }: Task,
  options: RunOptions,
): Promise<void> {
  const { progress, hasTime, trying } = options;
  await computeAndPublish(db, night, options);
  await prune(db, options);
  let older: readonly string[] = [];
  await leaving(progress, { part: 'sample' }, async () => {
    older = await trying(() => listDaysToProve(db, night));
  });
  for (const day of older) {
    if (!hasTime()) break;
    await leavingDay(db, 'figures', day, options, async () => {
      progress.sample.push(await compute(db, day, options));
    });
  }
  for (const { day } of [...progress.days, ...progress.sample]) {
    if (!hasTime()) break; // the rest is the next run's
    await leavingDay(db, 'items', day, options, () => compareItems(db, day, options));
  }
}

/** Computes and publishes each day and compares its items, before it goes on to the next. */
async function runBackfill(db: Kysely<Database>, task: Task, options: RunOptions): Promise<void> {
  const { progress, hasTime } = options;
  const end = dayNumber(task.to);
  for (let day = task.from; dayNumber(day) < end; day = addDays(day, 1)) {
    if (!hasTime()) {
      progress.next = day;
      return;
    }
    await computeAndPublish(db, day, options);
    if (await compareItems(db, day, options)) continue;
    // A first day that takes all the time there is would never end: the nights go on with it.
    if (day === task.from) continue;
    progress.next = day;
    return;
  }
}

async function computeAndPublish(
  db: Kysely<Database>,
  day: string,
  options: RunOptions,
): Promise<void> {
  const computed = await compute(db, day, options);
  options.progress.days.push(computed);
  await options.publish(computed);
}

/** A day is computed as a whole: a run that is killed leaves no half day. */
async function compute(
  db: Kysely<Database>,
  day: string,
  { runId, trying }: RunOptions,
): Promise<ComputedDay> {
  return { day, ...(await trying(() => computeDay(db, day, runId))) };
}

/** @returns whether there was time for all of the day's orders */
function compareItems(db: Kysely<Database>, day: string, options: RunOptions): Promise<boolean> {
  return checkItems(db, day, options.runId, options.progress.items, options);
}

/**
 * Deletes what is kept of refused uploads, and former versions of orders, that are old enough, for
 * as long as its share of the time lasts: the next night goes on.
 */
async function prune(db: Kysely<Database>, options: RunOptions): Promise<void> {
  const { progress, trying, keepVersionsDays } = options;
  const endsAt = Date.now() + PRUNING_MS;
  const hasTime = () => Date.now() < endsAt && options.hasTime();
  await leaving(progress, { part: 'refusals' }, async () => {
    if (hasTime()) progress.refusalsPruned = await trying(() => pruneRefusals(db));
  });
  await leaving(progress, { part: 'versions' }, async () => {
    const deleted = (count: number) => {
      progress.versionsPruned += count;
    };
    await pruneVersions(db, keepVersionsDays, { trying, hasTime, deleted });
  });
}

/** Does a part of a day's proof; where it fails, other days come before this one the next night. */
async function leavingDay(
  db: Kysely<Database>,
  part: LeftPart['part'],
  day: string,
  { progress, trying }: RunOptions,
  work: () => Promise<unknown>,
): Promise<void> {
  const isDone = await leaving(progress, { part, day }, work);
  // A day that cannot be marked was told of all the same.
  if (!isDone) await trying(() => leaveDay(db, day)).catch(() => {});
}

/** Does what can wait for another night. @returns whether that was done; else it is noted */
async function leaving(
  progress: Progress,
  part: Omit<LeftPart, 'error'>,
  work: () => Promise<unknown>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    progress.left.push({ ...part, error: String(error) });
    return false;
  }
}
