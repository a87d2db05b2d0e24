import { type Kysely, type RawBuilder, sql } from 'kysely';
import { ANSWER_BYTES, answerBytes } from '../data-api/answer-bytes.ts';
import { instantText } from '../orders/order-json.ts';
import type { Database } from '../schema.ts';

/** The receipt of a request, as the API gives it. */
export interface Receipt {
  readonly upload_id: string;
  readonly kind: 'upload' | 'delete' | 'undo';
  /** UTC, as `2025-11-12T10:00:00.000000Z` */
  readonly created_at: string;
  readonly key_id: string;
  readonly request_id: string;
  readonly orders_count: number;
  readonly items_count: number;
  readonly orders_created: number;
  readonly orders_updated: number;
  readonly orders_unchanged: number;
  readonly orders_stale: number;
  readonly stale_order_numbers: readonly string[];
  readonly orders_deleted: number;
  readonly idempotency_key: string | null;
  /** In hexadecimal; `null` where the request had no body. */
  readonly body_sha256: string | null;
  /** The `upload_id` of what it took back. */
  readonly undoes: string | null;
}

/** With the orders that nothing has changed since. */
export interface ReceiptWithOrders extends Receipt {
  /** The first 100 of their numbers. */
  readonly order_numbers: readonly string[];
}

export interface ReceiptsQuery {
  readonly user: string;
  /** The receipt before the first. @default the page is the first */
  readonly after?: string | undefined;
  readonly limit: number;
}

export interface ReceiptsPage {
  readonly receipts: readonly Receipt[];
  readonly hasMore: boolean;
}

const RECEIPT: RawBuilder<unknown> = sql`
  p.id AS upload_id, p.kind, ${instantText('p.created_at')} AS created_at, p.key_id, p.request_id,
  p.orders_count, p.items_count, p.orders_created, p.orders_updated,
  p.orders_count - p.orders_created - p.orders_updated - p.orders_stale - p.orders_deleted
    AS orders_unchanged,
  p.orders_stale, p.stale_order_numbers, p.orders_deleted, p.idempotency_key,
  encode(p.body_sha256, 'hex') AS body_sha256, p.undoes`;

/** A seller's receipts, the newest first; `undefined` when there is no such seller. */
export async function listReceipts(
  db: Kysely<Database>,
  query: ReceiptsQuery,
): Promise<ReceiptsPage | undefined> {
  const { rows } = await receiptsStatement(query).execute(db);
  if (rows.length === 0) return undefined;
  const receipts = rows.flatMap(({ json }): Receipt[] => (json === null ? [] : [JSON.parse(json)]));
  return { receipts, hasMore: rows.some(({ id, json }) => id !== null && json === null) };
}

/**
 * The receipts of a page, and one more without its JSON where there is more; a row of nothing where
 * the seller has none.
 */
export function receiptsStatement({ user, after, limit }: ReceiptsQuery) {
  return sql<{ id: string | null; json: string | null }>`
SELECT
  r.id,
  CASE WHEN r.place <= ${sql.lit(limit)} AND r.bytes <= ${sql.lit(ANSWER_BYTES)} THEN r.json END
    AS json
FROM users AS u
LEFT JOIN LATERAL (
  SELECT
    id, json, row_number() OVER newest AS place,
    sum(${answerBytes(sql`json`)}) OVER newest AS bytes
  FROM (
    SELECT
      p.id, (SELECT row_to_json(receipt) FROM (SELECT ${RECEIPT}) AS receipt)::text AS json
    FROM uploads AS p
    WHERE p.user_id = u.id ${after ? sql`AND p.id < ${after}::uuid` : sql``}
    ORDER BY p.id DESC
    LIMIT ${sql.lit(limit + 1)}
  ) AS written
  WINDOW newest AS (ORDER BY id DESC)
) AS r ON true
WHERE u.username = ${user}
ORDER BY r.id DESC`;
}

/** A seller's receipt with its orders. */
export async function findReceipt(
  db: Kysely<Database>,
  user: string,
  uploadId: string,
): Promise<ReceiptWithOrders | undefined> {
  const { rows } = await receiptStatement(user, uploadId).execute(db);
  return rows[0] && JSON.parse(rows[0].json);
}

export function receiptStatement(user: string, uploadId: string) {
  return sql<{ json: string }>`
SELECT row_to_json(receipt)::text AS json
FROM (
  SELECT
    ${RECEIPT},
    ARRAY(
      SELECT o.order_number FROM orders AS o
      WHERE o.user_id = p.user_id AND o.changed_xid = p.xid
        AND o.changed_xid >= '2'::xid8 -- of which the index is
      ORDER BY o.id LIMIT 100
    ) AS order_numbers
  FROM uploads AS p JOIN users AS u ON u.id = p.user_id
  WHERE p.id = ${uploadId}::uuid AND u.username = ${user}
) AS receipt`;
}
