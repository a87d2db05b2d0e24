import type { Kysely } from 'kysely';
import { findOrders, TooManyBytesError } from '../../db/orders/find-orders.ts';
import type { Database } from '../../db/schema.ts';
import { answerTooLarge } from '../shared/compressed-answer.ts';
import { JsonText } from '../shared/json-response.ts';
import { logger } from '../shared/logger.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { spellingsOf } from '../shared/order-numbers.ts';
import type { SellerAnswer, SellerCall } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';
import type { NumbersQuery } from './input.ts';

/** More than any one order comes to, which an upload of 16 MiB brought, and less than memory. */
const MAX_ORDERS_BYTES = 20 * 1024 * 1024;

/** The orders of the numbers asked for, in that order, and the numbers that there are none of. */
export async function ordersByNumber(
  db: Kysely<Database>,
  { user, orderNumbers }: NumbersQuery,
  { context }: SellerCall,
): Promise<SellerAnswer> {
  const numbers = orderNumbers.map(spellingsOf);
  const found = await withRetries(context, 'orders tried again', () =>
    findOrders(db, user, { numbers, maxBytes: MAX_ORDERS_BYTES }),
  ).catch((error: unknown) => {
    throw error instanceof TooManyBytesError ? answerTooLarge() : error;
  });
  if (!found) throw noSuchSeller();
  const orders = found.filter((json) => json !== undefined);
  const not_found = orderNumbers.filter((_, i) => found[i] === undefined);
  logger.info('orders read', { orders: orders.length, not_found: not_found.length });
  return { body: { user, orders: new JsonText(`[${orders.join()}]`), not_found } };
}
