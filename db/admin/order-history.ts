import { type Kysely, type RawBuilder, sql } from 'kysely';
import { instantText, orderJson } from '../orders/order-json.ts';
import type { Database } from '../schema.ts';
import { list } from '../uploads/column-sql.ts';
import { ITEM_COLUMNS } from '../uploads/order-columns.ts';

/** What an order was, or is, from a change on. Instants are `2025-11-12T10:00:00.000000Z`. */
export interface OrderState {
  /** From 1, one more with each change. */
  readonly version: number;
  readonly created_at: string;
  /** Decimal text with 2 places, as of items. */
  readonly total_amount: string;
  readonly status: string;
  readonly updated_at: string | null;
  /** Two states with the same have the same items. */
  readonly items_digest: string;
  /** In the order of their lines; `null` where they are too much to be shown. */
  readonly items: readonly HistoryItem[] | null;
  /** When it became so. */
  readonly since: string;
  /** When and by what it was deleted then; `null` where it was changed, or is there. */
  readonly deletion: { readonly at: string; readonly upload: OrderState['upload'] } | null;
  /** By what; `null` where that is older than receipts, or another seller's. */
  readonly upload: {
    readonly id: string;
    readonly kind: 'upload' | 'delete' | 'undo';
    readonly key_id: string;
  } | null;
}

export interface HistoryItem {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: string;
}

export interface OrderHistory {
  /** The order as the API gives it; `null` where that is too much to be shown. */
  readonly json: string | null;
  /**
   * What it is, and before that what it was, as far as that is kept; the newest first. Of very many
   * the latest `MAX_STATES`, and the one before those.
   */
  readonly states: readonly OrderState[];
}

/** How many states are told, and how much of each one's items. */
export const MAX_STATES = 20;
const MAX_ITEMS_BYTES = 20_000;
const MAX_JSON_BYTES = 100_000;

/** @returns `undefined` when there is no such order */
export async function findOrderHistory(
  db: Kysely<Database>,
  orderNumber: string,
): Promise<OrderHistory | undefined> {
  const { rows } = await findOrderHistoryStatement(orderNumber).execute(db);
  return rows[0] && { json: rows[0].json, states: JSON.parse(rows[0].states) as OrderState[] };
}

/** @returns a query whose `states` is JSON */
export function findOrderHistoryStatement(
  orderNumber: string,
): RawBuilder<{ json: string | null; states: string }> {
  return sql`
    WITH o AS MATERIALIZED (SELECT * FROM orders WHERE order_number = ${orderNumber}),
    told AS (
      (
        SELECT ${STATE}, last_changed_at, changed_xid, user_id, NULL::timestamptz AS deleted_at,
          NULL::xid8 AS deleted_xid,
          (
            SELECT json_agg(line) FROM (
              SELECT ${list(ITEM_COLUMNS)} FROM order_items WHERE order_id = o.id ORDER BY line_no
              LIMIT ${sql.lit(MAX_ITEMS)}
            ) AS line
          ) AS items
        FROM o
      ) UNION ALL (
        SELECT ${STATE}, last_changed_at, changed_xid, user_id,
          CASE WHEN is_deletion THEN replaced_at END, CASE WHEN is_deletion THEN replaced_xid END,
          items
        FROM order_versions
        WHERE order_id = (SELECT id FROM o) ORDER BY version DESC LIMIT ${sql.lit(MAX_STATES)}
      )
    ),
    states AS (
      SELECT version, ${instantText('created_at')} AS created_at, total_amount::text, status,
        ${instantText('updated_at')} AS updated_at, encode(items_digest, 'hex') AS items_digest,
        CASE
          WHEN items IS NULL THEN '[]'
          WHEN octet_length(items::text) <= ${sql.lit(MAX_ITEMS_BYTES)} THEN (
            SELECT json_agg(json_build_object(
              'sku', i ->> 'sku', 'name', i ->> 'name', 'quantity', i -> 'quantity', 'price', i ->> 'price'
            ) ORDER BY place) FROM json_array_elements(items) WITH ORDINALITY AS e (i, place)
          )
        END AS items,
        ${instantText('last_changed_at')} AS since,
        ${uploadOf(sql`told.changed_xid`)} AS upload,
        CASE WHEN deleted_at IS NOT NULL THEN json_build_object(
          'at', ${instantText('deleted_at')}, 'upload', ${uploadOf(sql`told.deleted_xid`)}
        ) END AS deletion
      FROM told
    )
    SELECT
      CASE WHEN octet_length(given.json) <= ${sql.lit(MAX_JSON_BYTES)} THEN given.json END AS json,
      (SELECT json_agg(states ORDER BY version DESC)::text FROM states) AS states
    FROM (SELECT ${orderJson()} AS json FROM o OFFSET 0) AS given`;
}

/** What a transaction was, as JSON; of another seller it is none. */
function uploadOf(xid: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
          SELECT json_build_object('id', p.id, 'kind', p.kind, 'key_id', p.key_id) FROM uploads AS p
          WHERE p.xid = ${xid} AND p.user_id = told.user_id
        )`;
}

/** More lines than these never fit into `MAX_ITEMS_BYTES`. */
const MAX_ITEMS = 1_000;

const STATE = sql`version, created_at, total_amount, status, updated_at, items_digest`;
