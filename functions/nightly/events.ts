import type { EventBridge, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { Task } from './input.ts';
import type { ComputedDay } from './run.ts';

export const EVENT_SOURCE = 'order-analytics';
export const DETAIL_TYPE = 'DailyOrderStatsComputed';

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
const MAX_ENTRIES = 10;

/** EventBridge did not take every event. */
export class EventsRefusedError extends Error {
  override readonly name = 'EventsRefusedError';
}

/**
 * Publishes an event for each day, with what all sellers' orders of the day come to. Money is
 * decimal text, since nobody promises that a number passes EventBridge with all its digits. `run`
 * tells an event that comes twice, `kind` a scheduled run's from a backfill's.
 *
 * @throws {EventsRefusedError} when not all of them were taken
 */
export async function publishDays(
  eventBridge: EventBridge,
  busName: string,
  days: readonly ComputedDay[],
  run: { readonly id: string; readonly kind: Task['kind'] },
): Promise<void> {
  for (let i = 0; i < days.length; i += MAX_ENTRIES) {
    const Entries = days.slice(i, i + MAX_ENTRIES).map(
      (day): PutEventsRequestEntry => ({
        EventBusName: busName,
        Source: EVENT_SOURCE,
        DetailType: DETAIL_TYPE,
        Detail: JSON.stringify({
          day: day.day,
          orders_count: day.orders_count,
          total_revenue: day.total_revenue,
          sellers_count: day.sellers_count,
          run: run.id,
          kind: run.kind,
        }),
      }),
    );
    const answer = await eventBridge.putEvents({ Entries });
    const refused = answer.Entries?.find((entry) => entry.ErrorCode);
    if (answer.FailedEntryCount || refused) {
      throw new EventsRefusedError(`${refused?.ErrorCode}: ${refused?.ErrorMessage}`);
    }
  }
}
