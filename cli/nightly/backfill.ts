import * as v from 'valibot';
import { addDays, dayNumber, earlierDay } from '../../db/days.ts';
import { jsonOf } from '../json-of.ts';
import { ServiceError } from '../service-error.ts';

/** What the nightly function answers, as far as it matters here. */
const AnswerSchema = v.object({
  drift_found: v.number(),
  orders_damaged: v.optional(v.number(), 0),
  next: v.optional(v.object({ from: v.string() })),
});

/** What a run of the function came to: its answer as JSON, or its error. */
export type Computed =
  | { readonly ok: true; readonly json: string }
  | {
      readonly ok: false;
      readonly error: { readonly errorType: string; readonly errorMessage: string };
    };

export interface Progress {
  readonly daysDone: number;
  readonly days: number;
  /** The next day to compute; the period's `to` at the end. */
  readonly at: string;
  /** Rows of the roll-up that were wrong so far. */
  readonly driftFound: number;
  /** Orders found with other items than were uploaded so far. */
  readonly ordersDamaged: number;
}

/** Few enough for progress to be seen, many enough for the invocations not to count. */
const DAYS_AT_A_TIME = 7;

/**
 * Has a period computed, a week at a time, and reports after each.
 *
 * @throws {ServiceError} when the function fails; the days before are done then
 */
export async function backfill(
  { from, to }: { readonly from: string; readonly to: string },
  invoke: (event: { from: string; to: string }) => Promise<Computed>,
  report: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Progress> {
  const days = dayNumber(to) - dayNumber(from);
  let progress: Progress = { daysDone: 0, days, at: from, driftFound: 0, ordersDamaged: 0 };
  report(progress);
  while (progress.daysDone < days && !signal.aborted) {
    const end = earlierDay(addDays(progress.at, DAYS_AT_A_TIME), to);
    const computed = await invoke({ from: progress.at, to: end }).catch((error) => {
      if (!signal.aborted) throw error;
    });
    if (!computed) break; // to compute it again does no harm
    if (!computed.ok) {
      const { errorType, errorMessage } = computed.error;
      throw new ServiceError(
        `The nightly function failed between ${progress.at} and ${end}: ${errorType}: ${errorMessage}`,
      );
    }
    const { success, output: answer } = v.safeParse(AnswerSchema, jsonOf(computed.json));
    if (!success) {
      throw new ServiceError(
        `What answers for the nightly function between ${progress.at} and ${end} is not that function: start npm start anew.`,
      );
    }
    const at = answer.next?.from ?? end;
    progress = {
      daysDone: dayNumber(at) - dayNumber(from),
      days,
      at,
      driftFound: progress.driftFound + answer.drift_found,
      ordersDamaged: progress.ordersDamaged + answer.orders_damaged,
    };
    report(progress);
  }
  return progress;
}
