import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { readLargeOrder } from './large-order.ts';
import { type OrdersQuery, ordersOfPage } from './orders-of-page.ts';
import { type Portion, readPortion } from './portion.ts';

export interface OrdersPage {
  /** As JSON, the oldest by `created_at` first. */
  readonly orders: readonly string[];
  /** The place that the next page is after; `undefined` when there is none. */
  readonly next: string | undefined;
}

/**
 * A page of a seller's orders: as many as one call of the Data API answers, or one that is more
 * than that; `undefined` when there is no such seller.
 *
 * @throws {DatabaseBusyError} when that one was changed each time while it was read
 */
export async function listOrders(
  db: Kysely<Database>,
  query: OrdersQuery,
): Promise<OrdersPage | undefined> {
  for (let { after } = query; ; ) {
    const chosen = { orders: ordersOfPage({ ...query, after }), limit: query.limit };
    const portion = await readPortion(db, query.user, chosen);
    if (!portion) return undefined;
    const { rows, chosenCount, cut } = portion;
    if (rows.length > 0 || !cut) {
      return { orders: rows.flatMap(({ json }) => json ?? []), next: nextPlace(portion) };
    }
    after = cut.key;
    const large = await readLargeOrder(db, cut.id);
    // One that was deleted meanwhile is left out.
    if (large !== undefined) return { orders: [large], next: chosenCount > 1 ? after : undefined };
  }
}

function nextPlace({ rows, chosenCount }: Portion): string | undefined {
  const last = rows.at(-1);
  // A row without an order is where to look next.
  return last?.json === null || chosenCount > rows.length ? last?.key : undefined;
}
