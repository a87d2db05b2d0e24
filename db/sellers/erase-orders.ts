import { type RawBuilder, sql } from 'kysely';
import { rollUpChanges } from '../uploads/roll-up-changes.ts';

/** How much a statement deletes: so many orders, or those with so many lines. */
export interface OrdersPortion {
  readonly orders: number;
  /** The order that has the last of them is deleted as a whole. */
  readonly lines: number;
}

/** What deleting some of a seller's orders came to. */
export interface ErasedOrders {
  orders_deleted: number;
  items_deleted: number;
  /** Where to go on; `null` when there was no order. */
  last: string | null;
  /** Whether there were no more orders from `from` on. */
  is_end: boolean;
  /** What the database's clock said when the statement began, in milliseconds since the epoch. */
  database_ms: number;
}

/**
 * One statement that deletes the first orders of a seller by `created_at` with their items, and
 * takes them out of the roll-up: so that a proof of any of their days finds no drift, and no order
 * without its items. Nothing is kept of them.
 *
 * It sees the tables as they were when it began. Where an order was changed or deleted since, it
 * undoes itself with SQLSTATE 40001; run again, it sees that. Orders are locked in the order of
 * their numbers, in which uploads lock them, and the roll-up last.
 *
 * What is deleted is counted. Where that is less than was there, the statement undoes itself with
 * SQLSTATE OA002.
 *
 * @param from `last` of a statement before this one, whose orders are not looked for again: an
 * index has those that are deleted until it is vacuumed
 * @param writeBy see `WriteLimit`
 */
export function eraseOrdersStatement(
  sellerId: number,
  from: string | undefined,
  portion: OrdersPortion,
  writeBy: number,
): RawBuilder<ErasedOrders> {
  const later = from ? sql`AND created_at >= ${from}::timestamp AT TIME ZONE 'UTC'` : sql``;
  return sql<ErasedOrders>`
WITH limits AS MATERIALIZED (
  SELECT write_before(${writeBy}) AS database_ms
),
lines AS MATERIALIZED (
  SELECT o.id, o.created_at, o.changed_xid
  FROM (
    SELECT id, created_at, changed_xid FROM orders
    WHERE user_id = ${sellerId} AND (SELECT database_ms FROM limits) IS NOT NULL ${later}
    ORDER BY created_at LIMIT ${portion.orders}
  ) AS o
  LEFT JOIN LATERAL (SELECT order_id FROM order_items WHERE order_id = o.id OFFSET 0) AS i ON true
  LIMIT ${portion.lines}
),
planned AS MATERIALIZED (
  SELECT DISTINCT id, created_at, changed_xid FROM lines
),
locked AS MATERIALIZED (
  SELECT id, changed_xid FROM orders
  WHERE id = ANY (ARRAY(SELECT id FROM planned))
  ORDER BY order_number COLLATE "C" FOR UPDATE
),
removed AS (
  DELETE FROM orders WHERE id = ANY (ARRAY(SELECT id FROM locked))
  RETURNING
    id, user_id, old.created_at AS old_created_at, old.status AS old_status,
    old.total_amount AS old_total_amount
),
removed_items AS (
  DELETE FROM order_items WHERE order_id = ANY (ARRAY(SELECT id FROM removed))
  RETURNING true AS done
),
${rollUpChanges({ rows: sql`removed`, were: sql`true` })},
counts AS (
  SELECT
    (SELECT count(*) FROM removed) AS orders, (SELECT count(*) FROM removed_items) AS items,
    (SELECT count(*) FROM planned) < ${portion.orders}
      AND (SELECT count(*) FROM lines) < ${portion.lines} AS is_end
),
conflicts AS ( -- no join, for which PostgreSQL might go through all of one for each of the other
  SELECT id, changed_xid FROM planned EXCEPT SELECT id, changed_xid FROM locked
)
SELECT
  orders AS orders_deleted, items AS items_deleted, is_end,
  (SELECT max(created_at) AT TIME ZONE 'UTC' FROM planned)::text AS last,
  (SELECT database_ms FROM limits) AS database_ms,
  CASE
    WHEN EXISTS (SELECT FROM conflicts)
      THEN raise_serialization_failure('orders were changed by another request meanwhile')
    WHEN orders <> (SELECT count(*) FROM locked)
      THEN raise_rows_lost('orders were found that were not deleted')
    WHEN items <> (
      SELECT count(*) FROM order_items WHERE order_id = ANY (ARRAY(SELECT id FROM removed))
    ) THEN raise_rows_lost('items were found that were not deleted')
    WHEN (SELECT count(*) FROM differences) <> (SELECT count(*) FROM rolled_up)
      THEN raise_rows_lost('days of the roll-up were not stored')
  END AS nothing
FROM counts`;
}
