import { addDays, dayOf } from '../../../db/days.ts';

/**
 * When the nightly job runs next.
 *
 * @param at a time of day in UTC, as `00:15`
 * @returns `2025-11-13 00:15`
 */
export function nextRun(at: string, nowMs: number): string {
  const today = dayOf(nowMs);
  const isStillToCome = new Date(nowMs).toISOString() < `${today}T${at}`;
  return `${isStillToCome ? today : addDays(today, 1)} ${at}`;
}
