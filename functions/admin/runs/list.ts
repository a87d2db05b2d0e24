import type { Kysely } from 'kysely';
import { listMissingNights } from '../../../db/admin/missing-nights.ts';
import { type ListedRun, listRuns } from '../../../db/admin/nightly-runs.ts';
import { addDays } from '../../../db/days.ts';
import type { Database } from '../../../db/schema.ts';
import { isOverdue, lastDue } from './due.ts';
import { dueText, type Entry, entriesOf, runsOf } from './entries.ts';

/** How many rows a page has, missing nights aside. */
const PAGE_SIZE = 50;
/** How many runs are read for them, of which a backfill may fold many. */
const RUNS = 200;

export interface RunsList {
  /** The newest first. */
  readonly entries: readonly Entry[];
  /** The id of the run before which older ones begin; `undefined` when there are none. */
  readonly older: string | undefined;
}

/**
 * A page of runs, with the nights that should have begun in its time and did not.
 *
 * @param before the id of the run before which to begin
 * @param at when nights begin: a time of day in UTC, as `00:15`
 */
export async function listPage(
  db: Kysely<Database>,
  { before, at, nowMs }: { before: string | undefined; at: string; nowMs: number },
): Promise<RunsList> {
  const found = await listRuns(db, { from: before, limit: RUNS + 2 });
  const newer = before ? found.shift() : undefined;
  const runs = found.slice(0, RUNS);
  const all = entriesOf(runs, await missingNights(db, { newer, runs, at, nowMs }), at);
  const entries = firstRows(all);
  const shown = entries.flatMap(runsOf);
  return { entries, older: shown.length < found.length ? shown.at(-1)?.id : undefined };
}

/** Of the time of these runs, which ends where the page before begins, or now. */
async function missingNights(
  db: Kysely<Database>,
  {
    newer,
    runs,
    at,
    nowMs,
  }: { newer: ListedRun | undefined; runs: readonly ListedRun[]; at: string; nowMs: number },
) {
  const oldest = runs.at(-1);
  if (!oldest) return [];
  const due = lastDue(at, nowMs);
  const lastDay = newer ? dayBefore(newer) : isOverdue(due, nowMs) ? due.day : addDays(due.day, -1);
  const nights = await listMissingNights(db, dayBefore(oldest), lastDay);
  return nights.filter(({ day }) => {
    const text = dueText(day, at);
    return text > oldest.started_at && (!newer || text <= newer.started_at);
  });
}

/** The last day that a night could compute when a run began. */
const dayBefore = ({ started_at }: ListedRun) => addDays(started_at.slice(0, 10), -1);

/** As many as a page has; what is missing before its last run is the next page's. */
function firstRows(entries: readonly Entry[]): Entry[] {
  let rows = 0;
  const end = entries.findIndex(({ kind }) => kind !== 'missing' && ++rows === PAGE_SIZE);
  return end < 0 ? [...entries] : entries.slice(0, end + 1);
}
