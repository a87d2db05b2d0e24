import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';
import { type UploadBatch, type UploadedOrder, uploadBatches } from './upload-batches.ts';
import { type BatchOutcome, storeBatch, storeMoreItems } from './upload-statement.ts';

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

export interface UploadOptions {
  /**
   * How long it may take; what is not done then will not be done.
   * @default the Data API's own limit of a statement, 45 s
   */
  readonly timeoutMs?: number;
}

const STATEMENT_TIMEOUT_MS = 45_000;

/**
 * Stores a seller's orders, all or none, and says what that changed. Orders that are there already
 * are updated, their items replaced; those that are the same cost no write. Doing it twice adds nothing.
 *
 * An upload that fits one Data API call is one call; a larger one is a transaction of as few as it needs.
 *
 * @param orders with distinct order numbers
 * @throws {OrderOwnedByAnotherSellerError} and stores nothing
 */
export async function uploadOrders(
  db: Kysely<Database>,
  user: string,
  orders: readonly UploadedOrder[],
  { timeoutMs = STATEMENT_TIMEOUT_MS }: UploadOptions = {},
): Promise<UploadCounts> {
  const batches = uploadBatches(orders);
  const store = async (connection: Kysely<Database>) => {
    const { created, updated } = await storeBatches(connection, user, batches, timeoutMs);
    return {
      orders_created: created,
      orders_updated: updated,
      orders_unchanged: orders.length - created - updated,
    };
  };
  return batches.length === 1 ? store(db) : db.transaction().execute(store);
}

async function storeBatches(
  db: Kysely<Database>,
  user: string,
  batches: readonly UploadBatch[],
  timeoutMs: number,
): Promise<{ created: number; updated: number }> {
  const total = { created: 0, updated: 0 };
  const hasWritten = () => total.created + total.updated > 0;

  async function store(batch: UploadBatch, locksUnchanged: boolean): Promise<void> {
    const outcome = onlyRow(
      await storeBatch(user, batch, { locksUnchanged, timeoutMs }).execute(db),
    );
    refuseForeignOrders(outcome);
    total.created += outcome.orders_created;
    total.updated += outcome.orders_updated;
    if (outcome.orders_created + outcome.orders_updated === 0) return;
    for (const items of batch.moreItems) await storeMoreItems(items).execute(db);
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
