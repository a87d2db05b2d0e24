import type { Kysely } from 'kysely';
import type { Database } from './schema.ts';
import { type UploadedOrder, uploadBatches } from './upload-batches.ts';
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
): Promise<UploadCounts> {
  const batches = uploadBatches(orders);
  const store = async (connection: Kysely<Database>) => {
    let created = 0;
    let updated = 0;
    for (const batch of batches) {
      if (batch.kind === 'items') {
        const { order_number, first_line_no, json } = batch;
        await storeMoreItems(order_number, first_line_no, json).execute(connection);
      } else {
        const outcome = onlyRow(await storeBatch(user, batch.json).execute(connection));
        refuseForeignOrders(outcome);
        created += outcome.orders_created;
        updated += outcome.orders_updated;
      }
    }
    return {
      orders_created: created,
      orders_updated: updated,
      orders_unchanged: orders.length - created - updated,
    };
  };
  return batches.length === 1 ? store(db) : db.transaction().execute(store);
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
