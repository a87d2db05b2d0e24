import { type RawBuilder, sql } from 'kysely';
import type { Types, Values } from '../routine.ts';

/** What is known of a request before it is known what it does. */
export interface UploadRequest {
  /** The seller's key that it came with. */
  readonly keyId: string;
  readonly requestId: string;
  /** SHA-256 of its body, in base64. @default it has none */
  readonly bodySha256?: string | undefined;
  /** @default the request has none */
  readonly idempotencyKey?: string | undefined;
  /**
   * Whether an earlier try may have done it without being heard, or may still come: that one must
   * find a receipt, also where there was nothing to do. @default false
   */
  readonly isTriedAgain?: boolean | undefined;
}

/** Of uploads that no request asks for. */
export const NO_REQUEST: UploadRequest = { keyId: '-', requestId: '-' };

/** How much a request holds, in all its batches. */
export interface RequestSize {
  readonly ordersCount: number;
  readonly itemsCount: number;
}

/** What an earlier request, or another try of this one, did. */
export interface OriginalReceipt {
  readonly upload_id: string;
  /** Whether it is this very request's, of which another try was not heard. */
  readonly is_own: boolean;
  /** Whether its body was the same. */
  readonly is_same: boolean;
  readonly orders_count: number;
  readonly orders_created: number;
  readonly orders_updated: number;
  readonly orders_stale: number;
  /** The first 100 of them. */
  readonly stale_order_numbers: readonly string[];
}

/** What a statement says for what it keeps of a request. */
export type RequestExpressions = {
  readonly [Name in keyof typeof REQUEST_PARAMETERS]: RawBuilder<unknown>;
};

/** Of a statement that keeps a request; see `requestValues`. */
export const REQUEST_PARAMETERS = {
  key_id: 'text',
  request_id: 'text',
  body_sha256: 'text',
  idempotency_key: 'text',
  orders_count: 'integer',
  items_count: 'integer',
  is_tried_again: 'boolean',
} as const satisfies Types;

export function requestValues(
  request: UploadRequest,
  { ordersCount, itemsCount }: RequestSize,
): Values<typeof REQUEST_PARAMETERS> {
  return {
    key_id: request.keyId,
    request_id: request.requestId,
    body_sha256: request.bodySha256 ?? null,
    idempotency_key: request.idempotencyKey ?? null,
    orders_count: ordersCount,
    items_count: itemsCount,
    is_tried_again: request.isTriedAgain ?? false,
  };
}

/** No function has longer for all tries of a request; a second is for what clocks differ. */
const MOST_TRIED = '31 s';

/**
 * Which receipts may be of a try of the request that has to write by then: not all that a seller
 * has who uploads fifty times a second.
 *
 * @param writeBy see `WriteLimit`
 */
export const triedSince = (writeBy: RawBuilder<unknown>) => sql`id > (
    SELECT uuidv7(to_timestamp(${writeBy} / 1000.0) - interval '${sql.raw(MOST_TRIED)}' - clock_timestamp())
  )`;

/**
 * The receipt of an earlier request of the same seller with this `Idempotency-Key`, or else of
 * another try of this very request, as JSON. Without looking, one that is tried again would find
 * nothing new any more, and be stored over what has come since; so would the first try, where it
 * reaches the database after the one that was answered.
 */
export function originalReceipt({
  idempotency_key,
  body_sha256,
  request_id,
  write_by,
}: RequestExpressions & { readonly write_by: RawBuilder<unknown> }): RawBuilder<unknown> {
  const receipt = (condition: RawBuilder<unknown>) => sql`(
  SELECT json_build_object(
    'upload_id', id, 'is_own', request_id = ${request_id},
    'is_same', body_sha256 = coalesce(decode(${body_sha256}, 'base64'), ''),
    'orders_count', orders_count, 'orders_created', orders_created,
    'orders_updated', orders_updated, 'orders_stale', orders_stale,
    'stale_order_numbers', stale_order_numbers
  )::text AS receipt
  FROM uploads
  WHERE user_id = (SELECT id FROM known_seller) AND ${condition}
    -- Not of the batch before this one.
    AND xid IS DISTINCT FROM pg_current_xact_id_if_assigned()
  LIMIT 1)`;
  return sql`
  ${receipt(sql`idempotency_key = ${idempotency_key}`)}
  UNION ALL
  ${receipt(sql`${idempotency_key} IS NULL
    AND ${triedSince(write_by)}
    AND request_id = ${request_id} AND body_sha256 = decode(${body_sha256}, 'base64')`)}`;
}

/** Whether there is to be a receipt also where there is nothing to do. */
export function leavesReceipt({ idempotencyKey, isTriedAgain = false }: UploadRequest): boolean {
  return idempotencyKey !== undefined || isTriedAgain;
}

/**
 * The receipt that an answer names: not one of nothing that another try alone may look for.
 *
 * @param changed how many orders the request has changed
 */
export function namedReceipt(
  { idempotencyKey }: UploadRequest,
  changed: number,
  uploadId: string | null,
): string | null {
  return changed > 0 || idempotencyKey !== undefined ? uploadId : null;
}

/**
 * The transaction's one receipt; what each further batch did is added to it.
 *
 * @param counts the table of what was done: `created`, `updated` and `stale`
 * @param staleNumbers an array of the first 100 orders of which a newer state is stored
 * @param condition whether there is anything to keep
 */
export function keepReceipt(
  request: RequestExpressions,
  counts: RawBuilder<unknown>,
  staleNumbers: RawBuilder<unknown>,
  condition: RawBuilder<boolean>,
): RawBuilder<unknown> {
  const { key_id, request_id, orders_count, items_count, body_sha256, idempotency_key } = request;
  return sql`
  INSERT INTO uploads AS u
    (user_id, key_id, request_id, orders_count, items_count, body_sha256, idempotency_key,
     orders_created, orders_updated, orders_stale, stale_order_numbers)
  SELECT
    seller.id, ${key_id}, ${request_id}, ${orders_count}, ${items_count},
    decode(${body_sha256}, 'base64'), ${idempotency_key}, c.created, c.updated, c.stale,
    ${staleNumbers}
  FROM ${counts} AS c, seller
  WHERE ${condition}
  ON CONFLICT (xid) DO UPDATE SET
    orders_created = u.orders_created + excluded.orders_created,
    orders_updated = u.orders_updated + excluded.orders_updated,
    orders_stale = u.orders_stale + excluded.orders_stale,
    -- A batch that was only read is stored after those that come behind it.
    stale_order_numbers = ARRAY(
      SELECT number FROM unnest(u.stale_order_numbers || excluded.stale_order_numbers) AS n (number)
      ORDER BY number COLLATE "C" LIMIT 100
    )
  RETURNING id`;
}
