import type { Kysely } from 'kysely';
import { listOrders } from '../../db/orders/list-orders.ts';
import type { OrdersQuery } from '../../db/orders/orders-of-page.ts';
import type { Database } from '../../db/schema.ts';
import { writeCursor } from '../shared/cursor.ts';
import { JsonText } from '../shared/json-response.ts';
import { logger } from '../shared/logger.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import type { SellerAnswer, SellerCall } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';

/** A page of a seller's orders, the oldest first, and where the next one begins. */
export async function pageOfOrders(
  db: Kysely<Database>,
  query: OrdersQuery,
  { context }: SellerCall,
): Promise<SellerAnswer> {
  const page = await withRetries(context, 'orders tried again', () => listOrders(db, query));
  if (!page) throw noSuchSeller();
  const { orders, next } = page;
  logger.info('orders listed', { orders: orders.length, has_next: next !== undefined });
  return {
    body: {
      user: query.user,
      orders: new JsonText(`[${orders.join()}]`),
      next: next === undefined ? null : writeCursor(next),
    },
  };
}
