import { type RawBuilder, sql } from 'kysely';
import type { Expressions } from '../routine.ts';
import { type BATCH_PARAMETERS, type BatchOutcome, literalsIn } from './batch-parameters.ts';
import { assigned, list } from './column-sql.ts';
import { changedItems, itemRows, upsertItems } from './item-statements.ts';
import {
  LINE_COLUMNS,
  ORDER_COLUMNS,
  SENT_ITEM_COLUMNS,
  SENT_ORDER_COLUMNS,
} from './order-columns.ts';
import { differs, isStale, plannedOrders } from './planned.ts';
import { keepReceipt, originalReceipt } from './receipt.ts';
import { rollUpChanges } from './roll-up-changes.ts';
import { FORMER_COLUMNS, keepVersions } from './versions.ts';

/**
 * How long a transaction may wait for its next call. When a rollback is lost, nobody is left to end
 * the transaction, and what it locks would be locked for the Data API's three minutes.
 */
const MAX_PAUSE_MS = 3_000;

/**
 * One statement that stores a batch of one seller's orders with their items, keeps what they were
 * before, the request's receipt and the roll-up: all of it or, when an order is another seller's or
 * the request was answered before, none of it.
 *
 * The statement sees the tables as they were when it began, while `ON CONFLICT` meets rows as they
 * are now. It therefore plans from what it sees what must happen to each order. Where another
 * upload came in between and something else happened, items that it cannot see may exist, so it
 * undoes itself with SQLSTATE 40001; run again, it sees them.
 *
 * When every order is already there as uploaded, nothing is written, and nothing is locked unless
 * that is asked for. Otherwise also the unchanged orders are locked (without a new row version), so
 * that two uploads of the same orders follow each other as a whole. Locks are taken in the order of
 * the batch, which is the order of the order numbers; the roll-up's come last, by day and status.
 *
 * What is written is counted. Where that is less than was sent, the statement undoes itself with
 * SQLSTATE OA002, which nobody tries again: an upload is not to be acknowledged that lost
 * something.
 *
 * PostgreSQL takes every list for a few rows and would rather read tens of thousands of orders from
 * end to end than look a single one up that often: `OFFSET 0` leaves it no choice.
 *
 * @param user the seller's username; created when it is new
 * @param batch orders sorted by order number
 */
export function storeBatchStatement(
  p: Expressions<typeof BATCH_PARAMETERS>,
): RawBuilder<BatchOutcome> {
  return sql<BatchOutcome>`
WITH limits AS MATERIALIZED (
  SELECT
    write_before(${p.write_by}) AS database_ms,
    set_config('idle_in_transaction_session_timeout', ${sql.lit(`${MAX_PAUSE_MS}ms`)}, true)
),
${plannedOrders(p.username, literalsIn(p, 'order', SENT_ORDER_COLUMNS))},
"foreign" AS (
  SELECT order_number FROM planned
  WHERE owner_id IS DISTINCT FROM (SELECT id FROM known_seller) AND action <> 'create'
),
stale AS (
  SELECT order_number FROM planned WHERE action = 'stale'
),
original AS (
  ${originalReceipt(p)}
),
decision AS (
  SELECT
    may_write AND (${p.locks_unchanged} OR is_new) AS writes,
    may_write AND (
      ${p.locks_unchanged} OR is_new OR ${p.idempotency_key} IS NOT NULL OR ${p.is_tried_again}
    ) AS records,
    database_ms
  FROM (
    SELECT
      NOT EXISTS (SELECT FROM "foreign") AND NOT EXISTS (SELECT FROM original) AS may_write,
      EXISTS (SELECT FROM planned WHERE action IN ('create', 'update')) AS is_new,
      database_ms
    FROM limits
  ) AS planned_all
),
new_seller AS (
  INSERT INTO users (username)
  SELECT ${p.username} FROM decision WHERE writes AND NOT EXISTS (SELECT FROM known_seller)
  ON CONFLICT (username) DO NOTHING
  RETURNING id
),
seller AS (
  SELECT id FROM known_seller UNION ALL SELECT id FROM new_seller
),
stored AS (
  INSERT INTO orders AS o
    (user_id, order_number, ${list(ORDER_COLUMNS)}, updated_at)
  SELECT seller.id, u.order_number, ${list(ORDER_COLUMNS, 'u')}, u.updated_at
  FROM uploaded AS u, decision, seller
  WHERE decision.writes
  ORDER BY u.place -- a second line: PostgreSQL has no other order to read them in today
  ON CONFLICT (order_number) DO UPDATE SET
    ${assigned(ORDER_COLUMNS)},
    updated_at = coalesce(excluded.updated_at, o.updated_at),
    version = o.version + 1,
    changed_xid = pg_current_xact_id(),
    last_changed_at = now()
  -- A second line: where it makes a difference, the order was planned to be new: a conflict.
  WHERE o.user_id = excluded.user_id
    AND ${differs('o', 'excluded')} AND NOT ${isStale('o', 'excluded')}
  RETURNING
    new.id, new.user_id, new.order_number,
    CASE WHEN old.id IS NULL THEN 'create' ELSE 'update' END AS action,
    old.xmin AS seen_xmin,
    new.created_at AS new_created_at, new.status AS new_status,
    new.total_amount AS new_total_amount,
    ${FORMER_COLUMNS}
),
met AS MATERIALIZED (
  SELECT
    p.place, p.items_count, s.id, coalesce(s.action, 'keep') AS action,
    p.action = 'stale' AND s.action IS NULL AS is_stale,
    replace(p.action, 'stale', 'keep') <> coalesce(s.action, 'keep')
      OR (p.action = 'update' AND p.seen_xmin IS DISTINCT FROM s.seen_xmin) AS conflicts
  FROM planned AS p
  LEFT JOIN stored AS s ON s.order_number = p.order_number
),
replaced AS (
  SELECT * FROM stored WHERE action = 'update'
),
kept_versions AS (
  ${keepVersions(sql`replaced`, { isDeletion: false })}
),
stored_items AS (
  SELECT m.id AS order_id, m.action, ${list(LINE_COLUMNS, 'i')}
  FROM met AS m
  JOIN ${itemRows(literalsIn(p, 'item', SENT_ITEM_COLUMNS))} ON i.place = m.place
  WHERE m.action <> 'keep'
),
created_items AS (
  INSERT INTO order_items (order_id, ${list(LINE_COLUMNS)})
  SELECT order_id, ${list(LINE_COLUMNS)} FROM stored_items WHERE action = 'create'
  RETURNING true AS done
),
changed_items AS MATERIALIZED (
  ${changedItems(sql`stored_items`)} AND n.action = 'update'
),
updated_items AS (
  ${upsertItems(sql`changed_items`)}
),
removed_items AS (
  DELETE FROM order_items AS i
  USING met AS m
  WHERE m.action = 'update' AND i.order_id = m.id AND i.line_no > m.items_count
),
${rollUpChanges({ rows: sql`stored`, are: sql`true`, were: sql`action = 'update'` })},
orders_count AS (
  SELECT
    count(*) FILTER (WHERE action = 'create') AS created,
    count(*) FILTER (WHERE action = 'update') AS updated,
    count(*) FILTER (WHERE is_stale) AS stale,
    count(*) FILTER (WHERE conflicts) AS conflicts,
    coalesce(sum(items_count - ${p.items_to_come}) FILTER (WHERE action <> 'keep'), 0) AS items
  FROM met
),
receipt AS (
  ${keepReceipt(
    p,
    sql`orders_count`,
    sql`ARRAY(SELECT order_number FROM stale LIMIT 100)`,
    sql`(SELECT records FROM decision)`,
  )}
),
items_count AS (
  SELECT count(*) AS sent, count(*) FILTER (WHERE action = 'create') AS created FROM stored_items
),
losses AS (
  SELECT
    o.items <> i.sent
    OR i.created <> (SELECT count(*) FROM created_items)
    OR (SELECT count(*) FROM changed_items) <> (SELECT count(*) FROM updated_items) AS items,
    (SELECT count(*) FROM differences) <> (SELECT count(*) FROM rolled_up) AS days,
    o.updated <> (SELECT count(*) FROM kept_versions)
    OR (SELECT records FROM decision) AND NOT EXISTS (SELECT FROM receipt) AS history
  FROM orders_count AS o, items_count AS i
)
SELECT
  (SELECT created FROM orders_count)::integer AS orders_created,
  (SELECT updated FROM orders_count)::integer AS orders_updated,
  (SELECT stale FROM orders_count)::integer AS orders_stale,
  ${first100(sql`stale`)} AS stale_order_numbers,
  (SELECT count(*) FROM "foreign")::integer AS foreign_count,
  ${first100(sql`"foreign"`)} AS foreign_order_numbers,
  (SELECT id FROM receipt)::text AS upload_id,
  (SELECT receipt FROM original) AS original,
  (SELECT database_ms FROM decision) AS database_ms,
  CASE
    WHEN (SELECT writes FROM decision) AND (SELECT conflicts FROM orders_count) > 0
      THEN raise_serialization_failure('orders were changed by another upload meanwhile')
    WHEN (SELECT items FROM losses) THEN raise_rows_lost('items were sent that were not stored')
    WHEN (SELECT days FROM losses) THEN raise_rows_lost('days of the roll-up were not stored')
    WHEN (SELECT history FROM losses) THEN raise_rows_lost('what was replaced was not kept')
  END AS nothing`;
}

/** The first 100 order numbers of a table as JSON text. */
function first100(orders: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
    SELECT coalesce(json_agg(order_number), '[]')::text
    FROM (SELECT order_number FROM ${orders} LIMIT 100) AS first_ones
  )`;
}
