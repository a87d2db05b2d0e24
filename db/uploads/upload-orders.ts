import type { Kysely } from 'kysely';
import { type WriteLimit, writeLimit } from '../data-api/write-limit.ts';
import type { Database } from '../schema.ts';
import { type UploadBatch, uploadBatches } from './batches.ts';
import type { UploadedOrder } from './order-columns.ts';
import {
  type BatchOutcome,
  forgetItemsOfAnotherCountStatement,
  storeBatchStatement,
  storeMoreItemsStatement,
} from './statement.ts';

/** What an upload did to the seller's orders. */
export interface UploadCounts {
  orders_created: number;
  orders_updated: number;
  orders_unchanged: number;
}

/** An upload holds orders that another seller has; nothing of it was stored. */
export class OrderOwnedByAnotherSellerError extends Error {
  override readonly name = 'OrderOwnedByAnotherSellerError';
  /** The first 100 of them. */
  readonly orderNumbers: readonly string[];
  readonly count: number;

  constructor(orderNumbers: readonly string[], count: number) {
    super(`${count} of the upload's orders belong to another seller.`);
    this.orderNumbers = orderNumbers;
    this.count = count;
  }
}

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
): Promise<UploadCounts> {
  return preparedUpload(user, orders)(db, limit);
}

/**
 * The same in two steps, for who may try the second more than once: dividing 16 MiB of orders into
 * calls takes a second of CPU, in which nobody sees that the time is over.
 */
export function preparedUpload(user: string, orders: readonly UploadedOrder[]) {
  const batches = uploadBatches(orders);
  return async (db: Kysely<Database>, limit: WriteLimit): Promise<UploadCounts> => {
    const store = async (connection: Kysely<Database>) => {
      const { created, updated } = await storeBatches(connection, user, batches, limit);
      return {
        orders_created: created,
        orders_updated: updated,
        orders_unchanged: orders.length - created - updated,
      };
    };
    return isOneCall(batches) ? store(db) : db.transaction().execute(store);
  };
}

/** A batch is not always a call: an order too large for one is a batch of several. */
function isOneCall([first, ...others]: readonly UploadBatch[]): boolean {
  return first !== undefined && first.moreItems.length === 0 && others.length === 0;
}

async function storeBatches(
  db: Kysely<Database>,
  user: string,
  batches: readonly UploadBatch[],
  limit: WriteLimit,
): Promise<{ created: number; updated: number }> {
  const total = { created: 0, updated: 0 };
  const hasWritten = () => total.created + total.updated > 0;

  async function store(batch: UploadBatch, locksUnchanged: boolean): Promise<void> {
    const isLargeOrder = batch.moreItems.length > 0;
    if (isLargeOrder) await forgetItemsOfAnotherCountStatement(user, batch).execute(db);
    const options = { locksUnchanged, writeBy: limit.writeBy };
    const outcome = onlyRow(await storeBatchStatement(user, batch, options).execute(db));
    limit.heard?.(outcome.database_ms);
    refuseForeignOrders(outcome);
    total.created += outcome.orders_created;
    total.updated += outcome.orders_updated;
    if (outcome.orders_created + outcome.orders_updated === 0) return;
    for (const items of batch.moreItems) await storeMoreItemsStatement(items).execute(db);
  }

  const onlyRead: UploadBatch[] = [];
  for (const batch of batches) {
    const locksUnchanged = hasWritten();
    await store(batch, locksUnchanged);
    if (!locksUnchanged && !hasWritten()) onlyRead.push(batch);
  }
  // Another upload may have changed since then what this one has only read: it must not be half of
  // what is stored. A batch of what is all the same still writes nothing.
  if (hasWritten()) for (const batch of onlyRead) await store(batch, true);
  return total;
}

function refuseForeignOrders(outcome: BatchOutcome): void {
  if (outcome.foreign_count === 0) return;
  const orderNumbers = JSON.parse(outcome.foreign_order_numbers) as string[];
  throw new OrderOwnedByAnotherSellerError(orderNumbers, outcome.foreign_count);
}

function onlyRow(result: { rows: BatchOutcome[] }): BatchOutcome {
  const [row] = result.rows;
  if (!row) throw new Error('The statement that stores orders answered no row.');
  return row;
}
