import type { Kysely } from 'kysely';
import { type WriteLimit, writeLimit } from '../data-api/write-limit.ts';
import { onlyRow } from '../only-row.ts';
import type { Database } from '../schema.ts';
import { namedReceipt } from '../uploads/receipt.ts';
import { afterTwin } from '../uploads/twin.ts';
import { type AmendRequest, sameOriginal } from './receipt.ts';
import { undoStatement } from './undo-statement.ts';

/** What undoing a request did to the seller's orders. */
export interface UndoOutcome {
  /** Back to what they were before the request changed them. */
  readonly orders_restored: number;
  /** Which the request had created. */
  readonly orders_removed: number;
  /** Which the request had deleted. */
  readonly orders_recreated: number;
  /** Which a later request has changed. */
  readonly orders_left_alone: number;
  /** The first 100 of them. */
  readonly left_alone: readonly string[];
  /** Of its receipt; `null` when it has none, since it changed nothing. */
  readonly upload_id: string | null;
  /** Whether an earlier request with its `Idempotency-Key` did that, and this one nothing. */
  readonly is_replay: boolean;
}

/** The seller has no such upload. */
export class UploadNotFoundError extends Error {
  override readonly name = 'UploadNotFoundError';
}

/** What an upload has replaced is no longer kept; nothing was undone. */
export class UploadTooOldError extends Error {
  override readonly name = 'UploadTooOldError';
}

/** Something else would be undone than was seen; nothing was. */
export class UndoPlanChangedError extends Error {
  override readonly name = 'UndoPlanChangedError';
}

/** Orders of an upload were changed since, and nothing was to be undone then. */
export class OrdersChangedSinceError extends Error {
  override readonly name = 'OrdersChangedSinceError';
  /** The first 100 of them. */
  readonly orderNumbers: readonly string[];
  readonly count: number;

  constructor(orderNumbers: readonly string[], count: number) {
    super(`${count} orders were changed since.`);
    this.orderNumbers = orderNumbers;
    this.count = count;
  }
}

/**
 * Takes back what a seller's upload, deletion or undoing did: orders that it changed or deleted are
 * what they were before, those that it created are gone. Orders that a later request has changed
 * are left alone. Doing it twice changes nothing more, and undoing it brings back what was.
 *
 * @param uploadId of its receipt, a UUID
 * @param options `refusesConflicts`: does nothing where an order would be left alone; `seen`: nor
 * where the plan is another than the one with this `PLAN_FINGERPRINT`
 * @param limit until when it may be done
 * @throws {UploadNotFoundError}
 * @throws {UploadTooOldError}
 * @throws {UndoPlanChangedError}
 * @throws {OrdersChangedSinceError}
 * @throws {IdempotencyKeyReusedError}
 */
export async function undoUpload(
  db: Kysely<Database>,
  user: string,
  uploadId: string,
  request: AmendRequest,
  { refusesConflicts = false, seen }: { readonly refusesConflicts?: boolean; seen?: string } = {},
  { writeBy, heard }: WriteLimit = writeLimit(),
): Promise<UndoOutcome> {
  const options = { refusesConflicts, seen, writeBy, request };
  const row = await afterTwin(request, async () =>
    onlyRow(await undoStatement(user, uploadId, options).execute(db)),
  );
  heard?.(row.database_ms);
  const original = sameOriginal(row);
  if (original) {
    const { orders_updated, orders_deleted, orders_created, upload_id } = original;
    const changed = orders_updated + orders_deleted + orders_created;
    return {
      orders_restored: orders_updated,
      orders_removed: orders_deleted,
      orders_recreated: orders_created,
      orders_left_alone: original.orders_stale,
      left_alone: original.stale_order_numbers,
      upload_id: namedReceipt(request, changed, upload_id),
      is_replay: !original.is_own,
    };
  }
  const { orders_restored, orders_removed, orders_recreated, orders_left_alone } = row;
  const changed = orders_restored + orders_removed + orders_recreated;
  const left_alone: string[] = JSON.parse(row.left_alone);
  if (!row.is_found) throw new UploadNotFoundError();
  if (row.is_too_old) throw new UploadTooOldError();
  if (row.is_changed) throw new UndoPlanChangedError();
  if (refusesConflicts && orders_left_alone > 0) {
    throw new OrdersChangedSinceError(left_alone, orders_left_alone);
  }
  return {
    orders_restored,
    orders_removed,
    orders_recreated,
    orders_left_alone,
    left_alone,
    upload_id: namedReceipt(request, changed, row.upload_id),
    is_replay: false,
  };
}
