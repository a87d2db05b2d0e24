import { type RawBuilder, sql } from 'kysely';
import { list } from '../uploads/column-sql.ts';
import { ITEM_COLUMNS } from '../uploads/order-columns.ts';

/**
 * An order as the API gives it. PostgreSQL writes it as JSON text, which goes into an answer as it
 * is: its amounts are JSON numbers of two decimals, which only a decimal parser reads exactly.
 */
export interface GivenOrder {
  readonly order_number: string;
  /** Instants are UTC, as `2025-11-12T10:00:00.000000Z`. */
  readonly created_at: string;
  readonly total_amount: number;
  readonly status: string;
  /** When the seller's system says that it last changed the order. */
  readonly updated_at: string | null;
  /** In the order of their lines. */
  readonly items: readonly GivenItem[];
  /** From 1, one more with each change. */
  readonly version: number;
  /** Of the receipt of what wrote it last; `null` where that is older than receipts. */
  readonly upload_id: string | null;
  readonly first_uploaded_at: string;
  readonly last_changed_at: string;
}

export interface GivenItem {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: number;
}

/** What is given of an item, of a row of `order_items`. */
export const GIVEN_ITEM: RawBuilder<unknown> = list(ITEM_COLUMNS);

/**
 * The `GivenOrder` of a row of `orders` that is called `o`, as JSON text without white space.
 *
 * @param items its items as JSON @default those that it has
 */
export function orderJson(items: RawBuilder<unknown> = itemsJson): RawBuilder<string> {
  return sql<string>`(
    SELECT row_to_json(given)::text
    FROM (
      SELECT
        o.order_number, ${instantText('o.created_at')} AS created_at, o.total_amount, o.status,
        ${instantText('o.updated_at')} AS updated_at,
        ${items} AS items, o.version,
        (
          SELECT CASE WHEN p.user_id = o.user_id THEN p.id END
          FROM uploads AS p WHERE p.xid = o.changed_xid
        ) AS upload_id,
        ${instantText('o.first_uploaded_at')} AS first_uploaded_at,
        ${instantText('o.last_changed_at')} AS last_changed_at
    ) AS given
  )`;
}

const itemsJson = sql`array_to_json(ARRAY(
          SELECT i FROM (
            SELECT ${GIVEN_ITEM} FROM order_items WHERE order_id = o.id ORDER BY line_no
          ) AS i
        ))`;

/** An instant as the API gives it. */
export function instantText(column: string): RawBuilder<string> {
  return sql`to_char(${sql.ref(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}
