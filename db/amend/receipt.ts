import { type RawBuilder, sql } from 'kysely';
import type { Doer } from '../audit/audit-lines.ts';
import { triedSince, type UploadRequest } from '../uploads/receipt.ts';
import { IdempotencyKeyReusedError } from '../uploads/upload-outcome.ts';

/** A request that deletes or undoes. */
export interface AmendRequest extends UploadRequest {
  /** The person who asks, for the audit log. @default a seller's own system */
  readonly by?: Doer | undefined;
}

/** The key of requests that come with none, but from a person. */
export const PERSONS_KEY = 'admin';

/** What an earlier request, or another try of this one, did. */
export interface OriginalAmendment {
  readonly upload_id: string;
  /** Whether it is this very request's, of which another try was not heard. */
  readonly is_own: boolean;
  /** Whether it asked for the same. */
  readonly is_same: boolean;
  readonly orders_created: number;
  readonly orders_updated: number;
  readonly orders_deleted: number;
  readonly orders_stale: number;
  /** The first 100 of them. */
  readonly stale_order_numbers: readonly string[];
}

/**
 * The receipt of an earlier request of the same seller with this `Idempotency-Key`, or else of
 * another try of this very request: an `OriginalAmendment` as JSON text. Who undoes a second time
 * would be told that everything was changed since, by the first; and a first try that comes after
 * the one that was answered would do it over what has come since.
 *
 * @param writeBy see `WriteLimit`
 */
export function originalAmendment(request: AmendRequest, writeBy: number): RawBuilder<unknown> {
  const { requestId, bodySha256 = '', idempotencyKey } = request;
  const receipt = (condition: RawBuilder<unknown>, isSame: RawBuilder<unknown>) => sql`
  SELECT json_build_object(
    'upload_id', id, 'is_own', request_id = ${requestId}, 'is_same', ${isSame},
    'orders_created', orders_created, 'orders_updated', orders_updated, 'orders_deleted', orders_deleted,
    'orders_stale', orders_stale, 'stale_order_numbers', stale_order_numbers
  )::text AS receipt
  FROM uploads WHERE user_id = (SELECT id FROM known_seller) AND ${condition} LIMIT 1`;
  if (idempotencyKey !== undefined) {
    return receipt(
      sql`idempotency_key = ${idempotencyKey}`,
      sql`body_sha256 = decode(${bodySha256}, 'base64')`,
    );
  }
  return receipt(
    sql`${triedSince(sql`${writeBy}::bigint`)} AND request_id = ${requestId}`,
    sql`true`,
  );
}

/**
 * What an earlier request did, as a statement has answered it; `undefined` when there was none.
 *
 * @throws {IdempotencyKeyReusedError} when it asked for something else
 */
export function sameOriginal({
  original,
}: {
  readonly original: string | null;
}): OriginalAmendment | undefined {
  if (original === null) return undefined;
  const receipt: OriginalAmendment = JSON.parse(original);
  if (!receipt.is_same) throw new IdempotencyKeyReusedError();
  return receipt;
}

/** What a deletion or an undoing leaves as its receipt, beside what is known of its request. */
interface Amendment {
  readonly kind: 'delete' | 'undo';
  /** The upload that it takes back. @default none */
  readonly undoes?: RawBuilder<unknown>;
  /** The table of what was done: `asked`, `created`, `updated`, `deleted` and `left_alone`. */
  readonly counts: RawBuilder<unknown>;
  /** An array of the first 100 orders that were left alone. */
  readonly leftAlone: RawBuilder<unknown>;
  /** Whether there is anything to keep. */
  readonly condition: RawBuilder<boolean>;
}

export function keepAmendment(
  { keyId, requestId, bodySha256, idempotencyKey }: AmendRequest,
  { kind, undoes = sql`NULL`, counts, leftAlone, condition }: Amendment,
): RawBuilder<unknown> {
  const optional = (value: string | undefined) => (value === undefined ? sql`NULL` : sql`${value}`);
  return sql`
  INSERT INTO uploads
    (user_id, kind, undoes, key_id, request_id, orders_count, items_count, body_sha256,
     idempotency_key, orders_created, orders_updated, orders_deleted, orders_stale,
     stale_order_numbers)
  SELECT
    seller.id, ${sql.lit(kind)}, ${undoes}, ${keyId}::varchar, ${requestId}::varchar, c.asked, 0,
    decode(${optional(bodySha256)}, 'base64'), ${optional(idempotencyKey)}::varchar,
    c.created, c.updated, c.deleted, c.left_alone, ${leftAlone}
  FROM ${counts} AS c, known_seller AS seller
  WHERE ${condition}
  RETURNING id`;
}
