import type { Kysely } from 'kysely';
import { type WriteLimit, writeLimit } from '../data-api/write-limit.ts';
import type { Database } from '../schema.ts';
import { type UploadBatch, uploadBatches } from './batches.ts';
import type { UploadedOrder } from './order-columns.ts';
import {
  NO_REQUEST,
  namedReceipt,
  type OriginalReceipt,
  type RequestSize,
  type UploadRequest,
} from './receipt.ts';
import { afterTwin } from './twin.ts';
import { AnsweredBeforeError, UploadAttempt } from './upload-attempt.ts';
import { IdempotencyKeyReusedError, type UploadOutcome, unchangedOf } from './upload-outcome.ts';

/**
 * Stores a seller's orders, all or none, and says what that changed. Orders that are there already
 * are updated, their items replaced; those that are the same cost no write. Doing it twice adds
 * nothing.
 *
 * An upload that fits one Data API call is one call; a larger one is a transaction of as few as it
 * needs. An order too large for one call that an earlier version has stored without its last items
 * gets them.
 *
 * @param orders with distinct order numbers
 * @param limit until when it may be stored
 * @throws {OrderOwnedByAnotherSellerError} and stores nothing
 */
export async function uploadOrders(
  db: Kysely<Database>,
  user: string,
  orders: readonly UploadedOrder[],
  limit: WriteLimit = writeLimit(),
): Promise<UploadOutcome> {
  return preparedUpload(user, orders)(db, limit);
}

/**
 * The same in two steps, for who may try the second more than once: dividing 16 MiB of orders into
 * calls takes a second of CPU, in which nobody sees that the time is over. What another try did is
 * the outcome of one that comes after it.
 *
 * @throws {IdempotencyKeyReusedError} and stores nothing; see also `uploadOrders`
 */
export function preparedUpload(
  user: string,
  orders: readonly UploadedOrder[],
  request: UploadRequest = NO_REQUEST,
) {
  const batches = uploadBatches(orders);
  const size: RequestSize = {
    ordersCount: orders.length,
    itemsCount: orders.reduce((sum, { items }) => sum + items.length, 0),
  };
  let isTriedAgain = false;
  const storeOnce = async (db: Kysely<Database>, limit: WriteLimit): Promise<UploadOutcome> => {
    const attempt = new UploadAttempt(user, { ...request, isTriedAgain }, size, limit);
    isTriedAgain = true;
    const storeAll = (connection: Kysely<Database>) => attempt.store(connection, batches);
    try {
      await (isOneCall(batches) ? storeAll(db) : db.transaction().execute(storeAll));
      return attempt.outcome();
    } catch (error) {
      if (error instanceof AnsweredBeforeError) return replay(request, error.original);
      throw error;
    }
  };
  return (db: Kysely<Database>, limit: WriteLimit) =>
    afterTwin(request, () => storeOnce(db, limit));
}

/** A batch is not always a call: an order too large for one is a batch of several. */
function isOneCall([first, ...others]: readonly UploadBatch[]): boolean {
  return first !== undefined && first.moreItems.length === 0 && others.length === 0;
}

function replay(request: UploadRequest, original: OriginalReceipt): UploadOutcome {
  const { is_same, is_own, orders_count, upload_id, ...figures } = original;
  if (!is_same) throw new IdempotencyKeyReusedError();
  const changed = figures.orders_created + figures.orders_updated;
  return {
    ...figures,
    orders_unchanged: unchangedOf(orders_count, figures),
    upload_id: namedReceipt(request, changed, upload_id),
    is_replay: !is_own,
  };
}
