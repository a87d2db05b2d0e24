import { type RawBuilder, sql } from 'kysely';
import type { ArrayColumns, LiteralsOf } from './array-literals.ts';
import type { MoreItems, UploadBatch } from './batches.ts';
import {
  ITEM_COLUMNS,
  LINE_COLUMNS,
  namesOf,
  ORDER_COLUMNS,
  SENT_ITEM_COLUMNS,
  SENT_ORDER_COLUMNS,
} from './order-columns.ts';

/**
 * How long a transaction may wait for its next call. When a rollback is lost, nobody is left to end
 * the transaction, and what it locks would be locked for the Data API's three minutes.
 */
const MAX_PAUSE_MS = 3_000;

export interface BatchOptions {
  /** Locks the orders also when all of them are there as uploaded, so that they stay so. */
  readonly locksUnchanged: boolean;
  /** Until when the transaction may be committed; see `WriteLimit`. */
  readonly writeBy: number;
}

/** What storing a batch did. */
export interface BatchOutcome {
  orders_created: number;
  orders_updated: number;
  /**
   * How many of the batch's orders belong to another seller; when there are any, nothing was
   * stored.
   */
  foreign_count: number;
  /** The first 100 of those orders' numbers, as JSON text. */
  foreign_order_numbers: string;
  /** What the database's clock said when the statement began, in milliseconds since the epoch. */
  database_ms: number;
}

/**
 * One statement that stores a batch of one seller's orders with their items and keeps the roll-up,
 * all of it or, when an order is another seller's, none of it.
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
  user: string,
  { orders, items, moreItems }: UploadBatch,
  { locksUnchanged, writeBy }: BatchOptions,
): RawBuilder<BatchOutcome> {
  // Of the batch's only order, where there are any.
  const itemsToCome = moreItems.reduce((sum, { itemsCount }) => sum + itemsCount, 0);
  return sql<BatchOutcome>`
WITH limits AS MATERIALIZED (
  SELECT
    write_before(${writeBy}) AS database_ms,
    set_config('idle_in_transaction_session_timeout', ${`${MAX_PAUSE_MS}ms`}, true)
),
uploaded AS MATERIALIZED (
  SELECT ${decoded(SENT_ORDER_COLUMNS)}, place
  FROM ${unnest(SENT_ORDER_COLUMNS, orders)} WITH ORDINALITY
    AS o (${list(SENT_ORDER_COLUMNS)}, place)
),
known_seller AS (
  SELECT id FROM users WHERE username = ${user}
),
planned AS MATERIALIZED (
  SELECT
    u.place, u.order_number, u.items_count, o.user_id AS owner_id, o.version,
    CASE
      WHEN o.id IS NULL THEN 'create'
      WHEN (${list(ORDER_COLUMNS, 'o')}) IS DISTINCT FROM (${list(ORDER_COLUMNS, 'u')}) THEN 'update'
      ELSE 'keep'
    END AS action
  FROM uploaded AS u
  LEFT JOIN LATERAL (
    SELECT *, xmin AS version FROM orders WHERE order_number = u.order_number OFFSET 0
  ) AS o ON true
),
"foreign" AS (
  SELECT order_number FROM planned
  WHERE owner_id IS DISTINCT FROM (SELECT id FROM known_seller) AND action <> 'create'
),
decision AS (
  SELECT
    (${locksUnchanged ? sql`true` : sql`EXISTS (SELECT FROM planned WHERE action <> 'keep')`})
    AND NOT EXISTS (SELECT FROM "foreign") AS writes,
    database_ms
  FROM limits
),
new_seller AS (
  INSERT INTO users (username)
  SELECT ${user} FROM decision WHERE writes AND NOT EXISTS (SELECT FROM known_seller)
  ON CONFLICT (username) DO NOTHING
  RETURNING id
),
stored AS (
  INSERT INTO orders AS o
    (user_id, order_number, ${list(ORDER_COLUMNS)})
  SELECT seller.id, u.order_number, ${list(ORDER_COLUMNS, 'u')}
  FROM uploaded AS u, decision,
    (SELECT id FROM known_seller UNION ALL SELECT id FROM new_seller) AS seller
  WHERE decision.writes
  ORDER BY u.place -- a second line: PostgreSQL has no other order to read them in today
  ON CONFLICT (order_number) DO UPDATE SET
    ${assigned(ORDER_COLUMNS)},
    last_changed_at = now()
  -- A second line: where it makes a difference, the order was planned to be new: a conflict.
  WHERE o.user_id = excluded.user_id
    AND (${list(ORDER_COLUMNS, 'o')}) IS DISTINCT FROM (${list(ORDER_COLUMNS, 'excluded')})
  RETURNING
    new.id, new.user_id, new.order_number,
    CASE WHEN old.id IS NULL THEN 'create' ELSE 'update' END AS action,
    old.xmin AS version,
    (old.created_at AT TIME ZONE 'UTC')::date AS old_day, old.status AS old_status,
    old.total_amount AS old_amount,
    (new.created_at AT TIME ZONE 'UTC')::date AS new_day, new.status AS new_status,
    new.total_amount AS new_amount
),
met AS MATERIALIZED (
  SELECT
    p.place, p.items_count, s.id, coalesce(s.action, 'keep') AS action,
    p.action <> coalesce(s.action, 'keep')
      OR (p.action = 'update' AND p.version IS DISTINCT FROM s.version) AS conflicts
  FROM planned AS p
  LEFT JOIN stored AS s ON s.order_number = p.order_number
),
stored_items AS (
  SELECT m.id AS order_id, m.action, ${list(LINE_COLUMNS, 'i')}
  FROM met AS m
  JOIN ${itemRows(items)} ON i.place = m.place
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
differences AS (
  SELECT user_id, day, status, sum(orders) AS orders_count, sum(amount) AS total_revenue
  FROM (
    SELECT user_id, new_day AS day, new_status AS status, 1 AS orders, new_amount AS amount
    FROM stored
    UNION ALL
    SELECT user_id, old_day, old_status, -1, -old_amount FROM stored WHERE action = 'update'
  ) AS change
  GROUP BY user_id, day, status
  HAVING sum(orders) <> 0 OR sum(amount) <> 0
),
rolled_up AS (
  INSERT INTO daily_order_stats AS d (user_id, day, status, orders_count, total_revenue)
  SELECT user_id, day, status, orders_count, total_revenue FROM differences
  ORDER BY user_id, day, status COLLATE "C"
  ON CONFLICT (user_id, day, status) DO UPDATE SET
    orders_count = d.orders_count + excluded.orders_count,
    total_revenue = d.total_revenue + excluded.total_revenue
  RETURNING true AS done
),
orders_count AS (
  SELECT
    count(*) FILTER (WHERE action = 'create') AS created,
    count(*) FILTER (WHERE action = 'update') AS updated,
    count(*) FILTER (WHERE conflicts) AS conflicts,
    coalesce(sum(items_count - ${itemsToCome}) FILTER (WHERE action <> 'keep'), 0) AS items
  FROM met
),
items_count AS (
  SELECT count(*) AS sent, count(*) FILTER (WHERE action = 'create') AS created FROM stored_items
),
losses AS (
  SELECT
    o.items <> i.sent
    OR i.created <> (SELECT count(*) FROM created_items)
    OR (SELECT count(*) FROM changed_items) <> (SELECT count(*) FROM updated_items) AS items,
    (SELECT count(*) FROM differences) <> (SELECT count(*) FROM rolled_up) AS days
  FROM orders_count AS o, items_count AS i
)
SELECT
  (SELECT created FROM orders_count)::integer AS orders_created,
  (SELECT updated FROM orders_count)::integer AS orders_updated,
  (SELECT count(*) FROM "foreign")::integer AS foreign_count,
  (
    SELECT coalesce(json_agg(order_number), '[]')::text
    FROM (SELECT order_number FROM "foreign" LIMIT 100) AS first_ones
  ) AS foreign_order_numbers,
  (SELECT database_ms FROM decision) AS database_ms,
  CASE
    WHEN (SELECT writes FROM decision) AND (SELECT conflicts FROM orders_count) > 0
      THEN raise_serialization_failure('orders were changed by another upload meanwhile')
    WHEN (SELECT items FROM losses) THEN raise_rows_lost('items were sent that were not stored')
    WHEN (SELECT days FROM losses) THEN raise_rows_lost('days of the roll-up were not stored')
  END AS nothing`;
}

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

const { order_number, items_count } = SENT_ORDER_COLUMNS;
const COUNT_COLUMNS = { order_number, items_count };

/**
 * Makes the batch's only order look changed when it has another number of items than are sent, so
 * that `storeBatchStatement` writes them all. An earlier version stored such an order's first items
 * alone and its digest of all; no digest tells then, and only orders that are too large for one
 * call are worth counting.
 */
export function forgetItemsOfAnotherCountStatement(
  user: string,
  { orders }: Pick<UploadBatch, 'orders'>,
): RawBuilder<unknown> {
  return sql`
UPDATE orders AS o SET items_digest = ''
FROM users AS u, ${unnest(COUNT_COLUMNS, orders)} AS sent (${list(COUNT_COLUMNS)})
WHERE u.username = ${user} AND o.user_id = u.id AND o.order_number = sent.order_number
  AND (SELECT count(*) FROM order_items WHERE order_id = o.id) <> sent.items_count`;
}

/**
 * Of the items in `source`, those that are not stored just so. The snapshot's are: their order is
 * locked.
 */
function changedItems(source: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
  SELECT n.order_id, ${list(LINE_COLUMNS, 'n')}
  FROM ${source} AS n
  LEFT JOIN LATERAL (
    SELECT ${list(ITEM_COLUMNS, 'i')} FROM order_items AS i
    WHERE i.order_id = n.order_id AND i.line_no = n.line_no OFFSET 0
  ) AS o ON true
  WHERE (${list(ITEM_COLUMNS, 'o')}) IS DISTINCT FROM (${list(ITEM_COLUMNS, 'n')})`;
}

function upsertItems(source: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
  INSERT INTO order_items (order_id, ${list(LINE_COLUMNS)})
  SELECT order_id, ${list(LINE_COLUMNS)} FROM ${source}
  ON CONFLICT (order_id, line_no) DO UPDATE SET
    ${assigned(ITEM_COLUMNS)}
  RETURNING true AS done`;
}

function itemRows(items: UploadBatch['items']): RawBuilder<unknown> {
  return sql`${unnest(SENT_ITEM_COLUMNS, items)} AS i (${list(SENT_ITEM_COLUMNS)})`;
}

/** The rows that a batch's literals hold. */
function unnest<Columns extends ArrayColumns>(
  columns: Columns,
  literals: LiteralsOf<Columns>,
): RawBuilder<unknown> {
  const arrays = namesOf(columns).map(
    (name) => sql`${literals[name]}::${sql.raw(columns[name]!.type)}[]`,
  );
  return sql`unnest(${sql.join(arrays)})`;
}

/** `sku, name`, or of a table `o.sku, o.name`. */
function list(columns: ArrayColumns, table?: string): RawBuilder<unknown> {
  return each(columns, (name) => (table ? `${table}.${name}` : name));
}

/** `sku = excluded.sku, name = excluded.name` */
function assigned(columns: ArrayColumns): RawBuilder<unknown> {
  return each(columns, (name) => `${name} = excluded.${name}`);
}

function decoded(columns: ArrayColumns): RawBuilder<unknown> {
  return each(columns, (name) => {
    const value = columns[name]?.decoded?.(name);
    return value ? `${value} AS ${name}` : name;
  });
}

function each(columns: ArrayColumns, write: (name: string) => string): RawBuilder<unknown> {
  return sql.raw(namesOf(columns).map(write).join(', '));
}
