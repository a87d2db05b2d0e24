import { type RawBuilder, sql } from 'kysely';
import { decoded, type Literals, list, unnest } from './column-sql.ts';
import { ORDER_COLUMNS, SENT_ORDER_COLUMNS } from './order-columns.ts';

/**
 * The tables `uploaded`, `known_seller` and `planned` of a statement: a batch's orders, and what is
 * to happen to each as far as the statement's snapshot tells.
 *
 * - `create`: there is no such order.
 * - `stale`: what is stored is newer.
 * - `update`: something differs.
 * - `keep`: it is there as uploaded.
 */
export function plannedOrders(
  user: string | RawBuilder<unknown>,
  orders: Literals<typeof SENT_ORDER_COLUMNS>,
): RawBuilder<unknown> {
  return sql`
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
    u.place, u.order_number, u.items_count, o.id, o.user_id AS owner_id, o.seen_xmin,
    CASE
      WHEN o.id IS NULL THEN 'create'
      WHEN ${isStale('o', 'u')} THEN 'stale'
      WHEN ${differs('o', 'u')} THEN 'update'
      ELSE 'keep'
    END AS action
  FROM uploaded AS u
  LEFT JOIN LATERAL (
    SELECT *, xmin AS seen_xmin FROM orders WHERE order_number = u.order_number OFFSET 0
  ) AS o ON true
)`;
}

/**
 * Whether a stored order is newer than a sent one by what the seller's system says of both. Of two
 * states with one `updated_at`, the one that is greater by its fields is: so that whatever order
 * they come in, the same stays.
 *
 * @param stored the table of the stored order
 */
export function isStale(stored: string, sent: string): RawBuilder<boolean> {
  const age = (table: string) => sql`(${sql.ref(table)}.updated_at, ${list(ORDER_COLUMNS, table)})`;
  return sql<boolean>`coalesce(${age(sent)} < ${age(stored)}, false)`;
}

/** Whether a stored order would change; when it was changed is not said by every upload. */
export function differs(stored: string, sent: string): RawBuilder<boolean> {
  const fields = (table: string) => list(ORDER_COLUMNS, table);
  const at = (table: string) => sql`${sql.ref(table)}.updated_at`;
  return sql<boolean>`((${fields(stored)}) IS DISTINCT FROM (${fields(sent)})
    OR ${at(stored)} IS DISTINCT FROM coalesce(${at(sent)}, ${at(stored)}))`;
}
