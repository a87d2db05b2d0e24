import { type RawBuilder, sql } from 'kysely';
import type { MoreItems, UploadBatch } from './batches.ts';
import { assigned, decoded, type Literals, list, unnest } from './column-sql.ts';
import {
  ITEM_COLUMNS,
  LINE_COLUMNS,
  SENT_ITEM_COLUMNS,
  SENT_ORDER_COLUMNS,
} from './order-columns.ts';

/**
 * Stores more items of an order that is too large for one request, all of them or, with SQLSTATE
 * OA002, none. It does so only in the transaction that has written the order: an unchanged order's
 * items are left alone.
 */
export function storeMoreItemsStatement({
  orderNumber,
  items,
  itemsCount,
}: MoreItems): RawBuilder<unknown> {
  return sql`
WITH sent AS MATERIALIZED (
  SELECT orders.id AS order_id, ${list(LINE_COLUMNS, 'i')}
  FROM orders CROSS JOIN ${itemRows(items)}
  WHERE orders.order_number = ${orderNumber} AND orders.xmin = pg_current_xact_id()::xid
),
changed AS MATERIALIZED (
  ${changedItems(sql`sent`)}
),
stored AS (
  ${upsertItems(sql`changed`)}
)
SELECT CASE
  WHEN (SELECT count(*) FROM sent) <> ${itemsCount}
    OR (SELECT count(*) FROM stored) <> (SELECT count(*) FROM changed)
  THEN raise_rows_lost('more items were sent that were not stored')
END AS nothing`;
}

const { order_number, items_digest, items_count } = SENT_ORDER_COLUMNS;
const SENT_ITEMS_COLUMNS = { order_number, items_digest, items_count };

/**
 * Marks the batch's only order as damaged where it has the digest of what is sent and another
 * number of items, so that `storeBatchStatement` writes them all. An earlier version stored such an
 * order's first items alone and its digest of all; no digest tells then, and only orders that are
 * too large for one call are worth counting.
 */
export function markWithoutLastItemsStatement(
  user: string,
  { orders }: Pick<UploadBatch, 'orders'>,
): RawBuilder<unknown> {
  return sql`
UPDATE orders AS o SET items_digest = ''
FROM users AS u, (
  SELECT ${decoded(SENT_ITEMS_COLUMNS)}
  FROM ${unnest(SENT_ITEMS_COLUMNS, orders)} AS sent (${list(SENT_ITEMS_COLUMNS)})
) AS sent
WHERE u.username = ${user} AND o.user_id = u.id AND o.order_number = sent.order_number
  AND o.items_digest = sent.items_digest
  AND (SELECT count(*) FROM order_items WHERE order_id = o.id) <> sent.items_count`;
}

/**
 * Of the items in `source`, those that are not stored just so. The snapshot's are: their order is
 * locked.
 */
export function changedItems(source: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
  SELECT n.order_id, ${list(LINE_COLUMNS, 'n')}
  FROM ${source} AS n
  LEFT JOIN LATERAL (
    SELECT ${list(ITEM_COLUMNS, 'i')} FROM order_items AS i
    WHERE i.order_id = n.order_id AND i.line_no = n.line_no OFFSET 0
  ) AS o ON true
  WHERE (${list(ITEM_COLUMNS, 'o')}) IS DISTINCT FROM (${list(ITEM_COLUMNS, 'n')})`;
}

export function upsertItems(source: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
  INSERT INTO order_items (order_id, ${list(LINE_COLUMNS)})
  SELECT order_id, ${list(LINE_COLUMNS)} FROM ${source}
  ON CONFLICT (order_id, line_no) DO UPDATE SET
    ${assigned(ITEM_COLUMNS)}
  RETURNING true AS done`;
}

/** The items of a batch, called `i`. */
export function itemRows(items: Literals<typeof SENT_ITEM_COLUMNS>): RawBuilder<unknown> {
  return sql`${unnest(SENT_ITEM_COLUMNS, items)} AS i (${list(SENT_ITEM_COLUMNS)})`;
}
