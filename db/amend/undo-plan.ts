import { type RawBuilder, sql } from 'kysely';
import { list } from '../uploads/column-sql.ts';
import { ORDER_COLUMNS } from '../uploads/order-columns.ts';

/**
 * The tables `undone`, `root`, `replaced` and `planned` of a statement (`WITH RECURSIVE`) that
 * undoes a request of `known_seller`: what is to happen to each order that the request has changed,
 * as far as the statement's snapshot tells, and the state that this leads to.
 *
 * - `remove`: the request has created it. The state is the present one.
 * - `restore`: the request has changed it. The state is the one before.
 * - `recreate`: the request has deleted it. The state is the one before.
 * - `leave`: it is no longer as the request has left it, or another order has its number.
 *
 * What a request wrote has the transaction's id of its receipt: as `changed_xid` where it is the
 * last that was written, as `replaced_xid` in the versions that it replaced. A transaction writes
 * an order once.
 *
 * Whose state an order is in is told by `origins`: what an undoing has brought back is the state of
 * whoever wrote it first. So uploads can be undone one after the other, the latest first.
 *
 * `root` is the first receipt of the chain, which all that undo each other share.
 *
 * PostgreSQL would take what it knows nothing of for very many rows, and read tables from end to
 * end for them. It takes every `BETWEEN` and every array for a few, and `OFFSET 0` has it look up
 * each.
 */
export function plannedUndo(uploadId: string): RawBuilder<unknown> {
  const xid = sql`(SELECT xid FROM undone)`;
  const seller = sql`(SELECT user_id FROM undone)`;
  const state = sql`${list(ORDER_COLUMNS)}, updated_at, first_uploaded_at`;
  return sql`
undone AS MATERIALIZED (
  SELECT
    id, user_id, xid, orders_created + orders_updated + orders_deleted AS changed_count
  FROM uploads WHERE id = ${uploadId}::uuid AND user_id = (SELECT id FROM known_seller)
),
chain AS (
  SELECT id, undoes, xmin AS seen_xmin FROM uploads WHERE id = (SELECT id FROM undone)
  UNION ALL
  SELECT u.id, u.undoes, u.xmin FROM chain AS c JOIN uploads AS u ON u.id = c.undoes
),
root AS MATERIALIZED (
  SELECT id, seen_xmin FROM chain WHERE undoes IS NULL
),
replaced AS MATERIALIZED (
  SELECT order_id, version FROM order_versions
  WHERE user_id = ${seller} AND replaced_xid BETWEEN ${xid} AND ${xid}
),
affected AS (
  SELECT id, NULL::integer AS version_before
  FROM unnest(ARRAY(
    SELECT id FROM orders
    WHERE user_id = ${seller} AND changed_xid BETWEEN ${xid} AND ${xid} AND created_xid = ${xid}
      AND changed_xid >= '2'::xid8 -- for the index
    UNION ALL
    SELECT order_id FROM order_versions
    WHERE user_id = ${seller} AND changed_xid BETWEEN ${xid} AND ${xid} AND created_xid = ${xid}
  )) AS id
  UNION ALL
  SELECT id, version
  FROM unnest(ARRAY(SELECT order_id FROM replaced), ARRAY(SELECT version FROM replaced))
    AS r (id, version)
),
present AS MATERIALIZED (
  SELECT
    a.*, o.version IS NOT NULL AS is_there, o.seen_xmin,
    CASE
      WHEN a.version_before IS NULL THEN 'remove'
      WHEN before.is_deletion THEN 'recreate'
      ELSE 'restore'
    END AS action,
    coalesce(o.order_number, last.order_number) AS order_number,
    coalesce(o.version, last.version) AS version,
    coalesce(o.changed_xid, last.replaced_xid) AS written_xid
  FROM affected AS a
  LEFT JOIN LATERAL (
    SELECT order_number, version, changed_xid, xmin AS seen_xmin FROM orders WHERE id = a.id OFFSET 0
  ) AS o ON true
  LEFT JOIN LATERAL (
    SELECT order_number, version, replaced_xid FROM order_versions
    WHERE o.version IS NULL AND order_id = a.id ORDER BY version DESC LIMIT 1
  ) AS last ON true
  LEFT JOIN LATERAL (
    SELECT is_deletion FROM order_versions
    WHERE order_id = a.id AND version = a.version_before OFFSET 0
  ) AS before ON true
),
origins AS (
  SELECT id, is_there, version, written_xid FROM present
  UNION ALL
  SELECT
    o.id, o.is_there, v.version, CASE WHEN o.is_there THEN v.changed_xid ELSE v.replaced_xid END
  FROM origins AS o
  CROSS JOIN LATERAL (
    SELECT taken_back.xid FROM uploads AS u JOIN uploads AS taken_back ON taken_back.id = u.undoes
    WHERE u.xid = o.written_xid AND o.written_xid <> ${xid} OFFSET 0
  ) AS taken_back
  CROSS JOIN LATERAL (
    SELECT version, changed_xid, replaced_xid FROM order_versions
    WHERE order_id = o.id AND version < o.version AND CASE
      WHEN o.is_there THEN replaced_xid = taken_back.xid
      ELSE is_deletion AND version < (
        SELECT min(version) FROM order_versions
        WHERE order_id = o.id AND created_xid = taken_back.xid
      )
    END
    ORDER BY version DESC LIMIT 1
  ) AS v
),
planned AS MATERIALIZED (
  SELECT
    CASE WHEN mine.id IS NULL OR another.has_number THEN 'leave' ELSE p.action END AS action,
    p.id, p.order_number, p.seen_xmin,
    p.version + CASE p.action WHEN 'remove' THEN 0 ELSE 1 END AS version, state.*
  FROM present AS p
  LEFT JOIN (SELECT id FROM origins WHERE written_xid = ${xid}) AS mine ON mine.id = p.id
  LEFT JOIN LATERAL (
    SELECT true AS has_number FROM orders
    WHERE p.action = 'recreate' AND order_number = p.order_number OFFSET 0
  ) AS another ON true
  LEFT JOIN LATERAL (
    SELECT ${state}, items FROM order_versions
    WHERE order_id = p.id AND version = p.version_before
    UNION ALL
    SELECT ${state}, NULL FROM orders WHERE p.action = 'remove' AND id = p.id
  ) AS state ON true
)`;
}

/** Of the table `planned`, which is another where anything is to happen otherwise. */
export const PLAN_FINGERPRINT = sql<string>`(
  SELECT md5(coalesce(string_agg(concat_ws(' ', id, action, version), ',' ORDER BY id), ''))
  FROM planned
)`;
