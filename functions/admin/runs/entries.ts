import type { MissingNight } from '../../../db/admin/missing-nights.ts';
import type { ListedRun } from '../../../db/admin/nightly-runs.ts';
import { addDays, dayNumber } from '../../../db/days.ts';

/** A row of the list. */
export type Entry = { readonly kind: 'run'; readonly run: ListedRun } | Backfill | MissingNights;

/** Runs by hand that went on where the one before had ended, the newest first. */
export interface Backfill {
  readonly kind: 'backfill';
  readonly runs: readonly ListedRun[];
}

/** Nights in a row that did not begin. */
export interface MissingNights {
  readonly kind: 'missing';
  /** When the last of them was due, as `2025-11-13 00:15`. */
  readonly due: string;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly count: number;
  /** Whether all of their days were computed since. */
  readonly isComputed: boolean;
}

/**
 * The list's rows, the newest first.
 *
 * @param runs the newest first
 * @param missing the latest first
 * @param at when nights begin: a time of day in UTC, as `00:15`
 */
export function entriesOf(
  runs: readonly ListedRun[],
  missing: readonly MissingNight[],
  at: string,
): Entry[] {
  const entries: Entry[] = [];
  const nights = [...missing];
  for (const run of runs) {
    while (nights[0] && dueText(nights[0].day, at) > run.started_at)
      addNight(entries, nights.shift()!, at);
    addRun(entries, run);
  }
  for (const night of nights) addNight(entries, night, at);
  return entries;
}

/** The runs that a row is of. */
export function runsOf(entry: Entry): readonly ListedRun[] {
  if (entry.kind === 'missing') return [];
  return entry.kind === 'run' ? [entry.run] : entry.runs;
}

function addRun(entries: Entry[], run: ListedRun): void {
  const entry = entries.at(-1);
  const newer = entry ? runsOf(entry) : [];
  const last = newer.at(-1);
  if (last && goesOn(run, last)) {
    entries.splice(-1, 1, { kind: 'backfill', runs: [...newer, run] });
  } else entries.push({ kind: 'run', run });
}

/** Whether a run by hand went on where an older one had ended, or in the midst of it. */
function goesOn(older: ListedRun, newer: ListedRun): boolean {
  if (older.kind !== 'backfill' || newer.kind !== 'backfill') return false;
  const from = dayNumber(newer.first_day);
  return from > dayNumber(older.first_day) && from <= dayNumber(older.last_day) + 1;
}

function addNight(entries: Entry[], { day, is_computed }: MissingNight, at: string): void {
  const entry = entries.at(-1);
  if (entry?.kind === 'missing' && addDays(day, 1) === entry.firstDay) {
    const { count, isComputed } = entry;
    const longer = { firstDay: day, count: count + 1, isComputed: isComputed && is_computed };
    entries.splice(-1, 1, { ...entry, ...longer });
    return;
  }
  const due = dueText(day, at);
  const isComputed = is_computed;
  entries.push({ kind: 'missing', due, firstDay: day, lastDay: day, count: 1, isComputed });
}

/** When the night of a day is due, as `2025-11-13 00:15`. */
export const dueText = (day: string, at: string): string => `${addDays(day, 1)} ${at}`;
