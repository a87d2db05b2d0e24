import type { Kysely } from 'kysely';
import { type WriteLimit, writeLimit } from '../data-api/write-limit.ts';
import { onlyRow } from '../only-row.ts';
import type { Spellings } from '../orders/spellings.ts';
import type { Database } from '../schema.ts';
import { namedReceipt } from '../uploads/receipt.ts';
import { afterTwin } from '../uploads/twin.ts';
import { deleteOrdersStatement, type SeenOrder } from './delete-statement.ts';
import { type AmendRequest, sameOriginal } from './receipt.ts';

/** What deleting orders did. */
export interface DeletionOutcome {
  readonly orders_deleted: number;
  /** Numbers of which the seller has no order, each in its last spelling. */
  readonly not_found: readonly string[];
  /** Of its receipt; `null` when it has none, since nothing was deleted. */
  readonly upload_id: string | null;
  /** Whether an earlier request with its `Idempotency-Key` did that, and this one nothing. */
  readonly is_replay: boolean;
}

/**
 * Deletes a seller's orders with their items, all that are there or, when it fails, none; their
 * numbers may be used again, by anybody. Doing it twice deletes nothing more.
 *
 * @param numbers at most 100, distinct
 * @param limit until when it may be done
 * @param seen see `deleteOrdersStatement`
 * @throws {IdempotencyKeyReusedError} and deletes nothing
 */
export async function deleteOrders(
  db: Kysely<Database>,
  user: string,
  numbers: readonly Spellings[],
  request: AmendRequest,
  { writeBy, heard }: WriteLimit = writeLimit(),
  seen?: SeenOrder,
): Promise<DeletionOutcome> {
  const row = await afterTwin(request, async () =>
    onlyRow(await deleteOrdersStatement(user, numbers, request, writeBy, seen).execute(db)),
  );
  heard?.(row.database_ms);
  const original = sameOriginal(row);
  const { orders_deleted, upload_id } = original ?? row;
  return {
    orders_deleted,
    not_found: original?.stale_order_numbers ?? JSON.parse(row.not_found),
    upload_id: namedReceipt(request, orders_deleted, upload_id),
    is_replay: original !== undefined && !original.is_own,
  };
}
