import { addDays, dayOf } from '../../../db/days.ts';

/** How late a night may begin before it counts as missing. */
const PATIENCE_MS = 30 * 60_000;

/** A night that should have begun: when, and which day it was to compute. */
export interface DueNight {
  readonly ms: number;
  readonly day: string;
}

/**
 * The last one by now.
 *
 * @param at when nights begin: a time of day in UTC, as `00:15`
 */
export function lastDue(at: string, nowMs: number): DueNight {
  const today = dayOf(nowMs);
  const startOf = (day: string) => Date.parse(`${day}T${at}:00Z`);
  const day = nowMs < startOf(today) ? addDays(today, -1) : today;
  return { ms: startOf(day), day: addDays(day, -1) };
}

/** Whether a night that has not begun is no longer waited for. */
export const isOverdue = ({ ms }: DueNight, nowMs: number): boolean => nowMs > ms + PATIENCE_MS;
