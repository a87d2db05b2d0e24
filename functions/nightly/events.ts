import type { EventBridge } from '@aws-sdk/client-eventbridge';
import type { Task } from './input.ts';
import type { ComputedDay } from './progress.ts';

export const EVENT_SOURCE = 'order-analytics';
export const DETAIL_TYPE = 'DailyOrderStatsComputed';

/** EventBridge did not take the event. */
export class EventRefusedError extends Error {
  override readonly name = 'EventRefusedError';
}

/**
 * Publishes an event with what all sellers' orders of a day come to. Money is decimal text, since
 * nobody promises that a number passes EventBridge with all its digits. `run` tells an event that
 * comes twice, `kind` a scheduled run's from a backfill's.
 *
 * @throws {EventRefusedError} when it was not taken
 */
export async function publishDay(
  eventBridge: EventBridge,
  busName: string,
  { day, orders_count, total_revenue, sellers_count }: ComputedDay,
  run: { readonly id: string; readonly kind: Task['kind'] },
): Promise<void> {
  const figures = { day, orders_count, total_revenue, sellers_count };
  const answer = await eventBridge.putEvents({
    Entries: [
      {
        EventBusName: busName,
        Source: EVENT_SOURCE,
        DetailType: DETAIL_TYPE,
        Detail: JSON.stringify({ ...figures, run: run.id, kind: run.kind }),
      },
    ],
  });
  const refused = answer.Entries?.find((entry) => entry.ErrorCode);
  if (answer.FailedEntryCount || refused) {
    throw new EventRefusedError(`${refused?.ErrorCode}: ${refused?.ErrorMessage}`);
  }
}
