import { type RawBuilder, sql } from 'kysely';
import { auditLines, type Doer, jsonInstant } from '../audit/audit-lines.ts';
import { type Spellings, spellingRows } from '../orders/spellings.ts';
import { leavesReceipt } from '../uploads/receipt.ts';
import { rollUpChanges } from '../uploads/roll-up-changes.ts';
import { FORMER_COLUMNS, keepVersions } from '../uploads/versions.ts';
import { type AmendRequest, keepAmendment, originalAmendment } from './receipt.ts';

/** What deleting orders did. */
export interface DeletionRow {
  /** Numbers of which the seller has no order, as JSON text, in the order asked. */
  not_found: string;
  orders_deleted: number;
  upload_id: string | null;
  /** An `OriginalAmendment` as JSON text; nothing was done then. `null` when there was none. */
  original: string | null;
  /** What the database's clock said when the statement began, in milliseconds since the epoch. */
  database_ms: number;
}

/** An order as somebody has seen it. */
export interface SeenOrder {
  readonly id: number;
  readonly version: number;
}

/**
 * One statement that deletes a seller's orders with their items, keeps what they were, a receipt
 * and the roll-up: all of it or none. What is another seller's is not found.
 *
 * It sees the tables as they were when it began and keeps the items that it sees. Where an order
 * was changed or deleted since, it undoes itself with SQLSTATE 40001; run again, it sees that.
 * Orders are locked in the order of their numbers, and the roll-up last, as uploads do. An upload
 * that it has waited for there may have made what it did not find: so where it deletes anything, it
 * looks for the rest again, and undoes itself likewise when that is there now.
 *
 * What is written is counted; see `storeBatchStatement`.
 *
 * @param numbers distinct
 * @param writeBy see `WriteLimit`
 * @param seen the one order, which is not found where it is another or of another version
 */
export function deleteOrdersStatement(
  user: string,
  numbers: readonly Spellings[],
  request: AmendRequest,
  writeBy: number,
  seen?: SeenOrder,
): RawBuilder<DeletionRow> {
  // Of what was seen otherwise nothing is kept: the form can be sent again.
  const isKept = sql<boolean>`${sql.lit(leavesReceipt(request) && !seen)}`;
  const asSeen = seen ? sql`AND id = ${seen.id} AND version = ${seen.version}` : sql``;
  return sql<DeletionRow>`
WITH limits AS MATERIALIZED (
  SELECT write_before(${writeBy}) AS database_ms
),
known_seller AS (
  SELECT id FROM users WHERE username = ${user}
),
original AS (
  ${originalAmendment(request, writeBy)}
),
planned AS MATERIALIZED (
  SELECT DISTINCT ON (a.place) a.place, a.text AS order_number, o.id, o.seen_xmin
  FROM ${spellingRows(numbers)} WITH ORDINALITY AS a (text, place, nth)
  LEFT JOIN LATERAL (
    SELECT id, xmin AS seen_xmin FROM orders
    WHERE order_number = a.text AND user_id = (SELECT id FROM known_seller) ${asSeen} OFFSET 0
  ) AS o ON true
  ORDER BY a.place, o.id IS NULL, a.nth
),
decision AS (
  SELECT may_write AND is_new AS writes, may_write AND (is_new OR ${isKept}) AS records, database_ms
  FROM (
    SELECT
      EXISTS (SELECT FROM known_seller) AND NOT EXISTS (SELECT FROM original) AS may_write,
      EXISTS (SELECT FROM planned WHERE id IS NOT NULL) AS is_new,
      database_ms
    FROM limits
  ) AS planned_all
),
locked AS MATERIALIZED (
  SELECT id FROM orders
  WHERE id = ANY (ARRAY(SELECT p.id FROM planned AS p, decision WHERE writes AND p.id IS NOT NULL))
  ORDER BY order_number FOR UPDATE
),
removed AS (
  DELETE FROM orders WHERE id = ANY (ARRAY(SELECT id FROM locked))
  RETURNING id, user_id, old.xmin AS seen_xmin, ${FORMER_COLUMNS}
),
kept_versions AS (
  ${keepVersions(sql`removed`, { isDeletion: true })}
),
removed_items AS (
  DELETE FROM order_items WHERE order_id = ANY (ARRAY(SELECT id FROM removed))
  RETURNING true AS done
),
${rollUpChanges({ rows: sql`removed`, were: sql`true` })},
counts AS (
  SELECT
    count(*)::integer AS asked, 0 AS created, 0 AS updated, count(r.id)::integer AS deleted,
    count(*) FILTER (WHERE p.id IS NULL)::integer AS left_alone,
    count(*) FILTER (WHERE p.seen_xmin IS DISTINCT FROM r.seen_xmin) AS conflicts
  FROM planned AS p
  LEFT JOIN removed AS r ON r.id = p.id
),
receipt AS (
  ${keepAmendment(request, {
    kind: 'delete',
    counts: sql`counts`,
    leftAlone: sql`ARRAY(SELECT order_number FROM planned WHERE id IS NULL ORDER BY place)`,
    condition: sql`(SELECT records FROM decision)`,
  })}
),
${request.by ? sql`line AS (${deletionLines(request.by)}),` : sql``}
losses AS (
  SELECT
    (SELECT count(*) FROM order_items WHERE order_id = ANY (ARRAY(SELECT id FROM removed)))
      <> (SELECT count(*) FROM removed_items) AS items,
    (SELECT count(*) FROM differences) <> (SELECT count(*) FROM rolled_up) AS days,
    deleted <> (SELECT count(*) FROM kept_versions)
    OR (SELECT records FROM decision) AND NOT EXISTS (SELECT FROM receipt) AS history
  FROM counts
)
SELECT
  (
    SELECT coalesce(json_agg(order_number ORDER BY place), '[]')::text
    FROM planned WHERE id IS NULL
  ) AS not_found,
  (SELECT deleted FROM counts) AS orders_deleted,
  (SELECT id FROM receipt)::text AS upload_id,
  (SELECT receipt FROM original) AS original,
  (SELECT database_ms FROM decision) AS database_ms,
  CASE
    WHEN (SELECT writes FROM decision) AND (SELECT conflicts FROM counts) > 0
      THEN raise_serialization_failure('orders were changed by another request meanwhile')
    WHEN (SELECT deleted > 0 AND left_alone > 0 FROM counts) AND has_orders_now(
      (SELECT id FROM known_seller),
      ARRAY(
        SELECT a.text FROM ${spellingRows(numbers)} AS a (text, place)
        WHERE a.place IN (SELECT place FROM planned WHERE id IS NULL)
      )
    ) THEN raise_serialization_failure('orders were created by another request meanwhile')
    WHEN (SELECT items FROM losses) THEN raise_rows_lost('items were found that were not deleted')
    WHEN (SELECT days FROM losses) THEN raise_rows_lost('days of the roll-up were not stored')
    WHEN (SELECT history FROM losses) THEN raise_rows_lost('what was deleted was not kept')
  END AS nothing`;
}

/** A line for each order of `removed`. */
function deletionLines(by: Doer): RawBuilder<unknown> {
  return auditLines(by, 'order.delete', sql`removed AS r`, {
    sellerId: sql`r.user_id`,
    target: sql`r.old_order_number`,
    before: sql`jsonb_build_object(
      'status', r.old_status, 'total_amount', r.old_total_amount::text,
      'created_at', ${jsonInstant(sql`r.old_created_at`)},
      'items_count', (SELECT count(*) FROM order_items WHERE order_id = r.id))`,
  });
}
