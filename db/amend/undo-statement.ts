import { type RawBuilder, sql } from 'kysely';
import { auditLines, type Doer } from '../audit/audit-lines.ts';
import { assigned, list } from '../uploads/column-sql.ts';
import { changedItems, upsertItems } from '../uploads/item-statements.ts';
import { LINE_COLUMNS, namesOf, ORDER_COLUMNS } from '../uploads/order-columns.ts';
import { leavesReceipt } from '../uploads/receipt.ts';
import { rollUpChanges } from '../uploads/roll-up-changes.ts';
import { FORMER_COLUMNS, keepVersions } from '../uploads/versions.ts';
import { type AmendRequest, keepAmendment, originalAmendment } from './receipt.ts';
import { PLAN_FINGERPRINT, plannedUndo } from './undo-plan.ts';

/** What undoing a request did. */
export interface UndoRow {
  /** Whether the seller has a request of this id. */
  is_found: boolean;
  /** Whether what its orders were before is no longer there; nothing was done then. */
  is_too_old: boolean;
  /** Whether something else would have happened than was seen; nothing was done then. */
  is_changed: boolean;
  orders_restored: number;
  orders_removed: number;
  orders_recreated: number;
  orders_left_alone: number;
  /** The first 100 of them by number, as JSON text. */
  left_alone: string;
  upload_id: string | null;
  /** An `OriginalAmendment` as JSON text; nothing was done then. `null` when there was none. */
  original: string | null;
  /** What the database's clock said when the statement began, in milliseconds since the epoch. */
  database_ms: number;
}

export interface UndoOptions {
  /** Does nothing where an order would be left alone. */
  readonly refusesConflicts: boolean;
  /** Does nothing where the plan has another `PLAN_FINGERPRINT`. */
  readonly seen?: string | undefined;
  /** See `WriteLimit`. */
  readonly writeBy: number;
  readonly request: AmendRequest;
}

/**
 * One statement that takes back what a seller's request did, keeps what its orders were until now,
 * a receipt and the roll-up: all of it or none. No order travels, however many there are.
 *
 * It plans from its snapshot (see `plannedUndo`). One `INSERT` then meets all orders in the order
 * of their numbers, in which uploads lock them, too: it makes those that are not there, and
 * restores those of just the version that was planned to be replaced. Those that are to go have
 * their own version in it, so that it locks them and writes nothing; they are deleted when it is
 * done.
 *
 * Where anything is otherwise than the snapshot had it, the statement undoes itself with SQLSTATE
 * 40001; run again, it sees that. Of an order that is not there, nothing tells whether another
 * undoing has had it there since the snapshot: each writes the receipt at the root of its chain, by
 * which they notice one another.
 *
 * What is written is counted; see `storeBatchStatement`.
 */
export function undoStatement(
  user: string,
  uploadId: string,
  { refusesConflicts, seen, writeBy, request }: UndoOptions,
): RawBuilder<UndoRow> {
  // Of what was seen nothing is kept where there is nothing to do.
  const isKept = sql<boolean>`${sql.lit(leavesReceipt(request) && !seen)}`;
  const isChanged = seen ? sql`${PLAN_FINGERPRINT} <> ${seen}` : sql`false`;
  return sql<UndoRow>`
WITH RECURSIVE limits AS MATERIALIZED (
  SELECT write_before(${writeBy}) AS database_ms
),
known_seller AS (
  SELECT id FROM users WHERE username = ${user}
),
original AS (
  ${originalAmendment(request, writeBy)}
),
${plannedUndo(uploadId)},
decision AS MATERIALIZED (
  SELECT
    may_write AND to_do > 0 AS writes, may_write AND (to_do > 0 OR ${isKept}) AS records,
    left_alone, is_too_old, is_changed, database_ms
  FROM (
    SELECT
      *, is_found AND NOT is_too_old AND NOT is_changed AND NOT EXISTS (SELECT FROM original)
        AND NOT (${sql.lit(refusesConflicts)} AND left_alone > 0) AS may_write
    FROM (
      SELECT
        u.id IS NOT NULL AS is_found, u.changed_count - p.to_do AS left_alone, p.to_do, database_ms,
        coalesce(u.changed_count > (SELECT count(*) FROM present), false) AS is_too_old,
        ${isChanged} AS is_changed
      FROM limits
      CROSS JOIN (SELECT count(*) AS to_do FROM planned WHERE action <> 'leave') AS p
      LEFT JOIN undone AS u ON true
    ) AS seen
  ) AS planned_all
),
fence AS (
  UPDATE uploads SET undoes = undoes
  WHERE id = (SELECT id FROM root) AND (SELECT writes FROM decision)
  RETURNING old.xmin AS seen_xmin
),
stored AS (
  INSERT INTO orders AS o
    (id, user_id, order_number, ${list(ORDER_COLUMNS)}, updated_at, first_uploaded_at, version)
  OVERRIDING SYSTEM VALUE
  SELECT
    p.id, (SELECT user_id FROM undone), p.order_number, ${list(ORDER_COLUMNS, 'p')},
    p.updated_at, p.first_uploaded_at, p.version
  FROM planned AS p
  WHERE p.action <> 'leave' AND EXISTS (SELECT FROM fence)
  ORDER BY p.order_number
  ON CONFLICT (order_number) DO UPDATE SET
    ${assigned(ORDER_COLUMNS)},
    updated_at = excluded.updated_at,
    version = excluded.version,
    changed_xid = pg_current_xact_id(),
    last_changed_at = now()
  WHERE o.id = excluded.id AND o.version + 1 = excluded.version
  RETURNING
    new.id, new.user_id,
    CASE WHEN old.id IS NULL THEN 'recreate' ELSE 'restore' END AS action,
    old.xmin AS seen_xmin,
    new.created_at AS new_created_at, new.status AS new_status,
    new.total_amount AS new_total_amount,
    ${FORMER_COLUMNS}
),
removed AS (
  DELETE FROM orders
  WHERE id = ANY (ARRAY(SELECT id FROM planned WHERE action = 'remove'))
    -- After its locks; a second line: PostgreSQL runs it before this one today.
    AND EXISTS (SELECT FROM fence) AND (SELECT count(*) FROM stored) IS NOT NULL
  RETURNING id, user_id, old.xmin AS seen_xmin, ${FORMER_COLUMNS}
),
met AS MATERIALIZED (
  SELECT
    p.id, p.action, p.items, coalesce(json_array_length(p.items), 0) AS items_count,
    p.seen_xmin IS DISTINCT FROM coalesce(s.seen_xmin, r.seen_xmin)
      OR p.action IS DISTINCT FROM coalesce(s.action, 'remove')
      OR coalesce(s.id, r.id) IS NULL AS conflicts
  FROM planned AS p
  LEFT JOIN stored AS s ON s.id = p.id
  LEFT JOIN removed AS r ON r.id = p.id
  WHERE p.action <> 'leave' AND EXISTS (SELECT FROM fence)
),
restored AS (
  SELECT * FROM stored WHERE action = 'restore'
),
kept_versions AS (
  ${keepVersions(sql`restored`, { isDeletion: false })}
),
kept_deletions AS (
  ${keepVersions(sql`removed`, { isDeletion: true })}
),
stored_items AS MATERIALIZED (
  SELECT m.id AS order_id, m.action, ${list(LINE_COLUMNS, 'i')}
  FROM met AS m CROSS JOIN LATERAL json_to_recordset(m.items) AS i (${typed(LINE_COLUMNS)})
),
created_items AS (
  INSERT INTO order_items (order_id, ${list(LINE_COLUMNS)})
  SELECT order_id, ${list(LINE_COLUMNS)} FROM stored_items WHERE action = 'recreate'
  RETURNING true AS done
),
changed_items AS MATERIALIZED (
  ${changedItems(sql`stored_items`)} AND n.action = 'restore'
),
updated_items AS (
  ${upsertItems(sql`changed_items`)}
),
removed_items AS (
  DELETE FROM order_items AS i
  USING met AS m
  WHERE m.action <> 'recreate' AND i.order_id = m.id AND i.line_no > m.items_count
  RETURNING true AS done
),
${rollUpChanges(
  { rows: sql`stored`, are: sql`true`, were: sql`action = 'restore'` },
  { rows: sql`removed`, were: sql`true` },
)},
counts AS (
  SELECT
    count(*) FILTER (WHERE action = 'recreate')::integer AS created,
    count(*) FILTER (WHERE action = 'restore')::integer AS updated,
    count(*) FILTER (WHERE action = 'remove')::integer AS deleted,
    count(*) FILTER (WHERE conflicts) AS conflicts,
    (SELECT left_alone FROM decision) AS left_alone,
    (SELECT changed_count FROM undone) AS asked
  FROM met
),
left_alone AS (
  SELECT order_number FROM planned WHERE action = 'leave' ORDER BY order_number LIMIT 100
),
receipt AS (
  ${keepAmendment(request, {
    kind: 'undo',
    undoes: sql`(SELECT id FROM undone)`,
    counts: sql`counts`,
    leftAlone: sql`ARRAY(SELECT order_number FROM left_alone)`,
    condition: sql`(SELECT records FROM decision)`,
  })}
),
${request.by ? sql`line AS (${undoLine(request.by)}),` : sql``}
losses AS (
  SELECT
    (SELECT count(*) FROM stored_items WHERE action = 'recreate')
      <> (SELECT count(*) FROM created_items)
    OR (SELECT count(*) FROM changed_items) <> (SELECT count(*) FROM updated_items)
    OR (
      SELECT count(*) FROM met AS m
      JOIN order_items AS i ON i.order_id = m.id AND i.line_no > m.items_count
      WHERE m.action <> 'recreate'
    ) <> (SELECT count(*) FROM removed_items) AS items,
    (SELECT count(*) FROM differences) <> (SELECT count(*) FROM rolled_up) AS days,
    updated <> (SELECT count(*) FROM kept_versions)
    OR deleted <> (SELECT count(*) FROM kept_deletions)
    OR (SELECT records FROM decision) AND NOT EXISTS (SELECT FROM receipt) AS history
  FROM counts
)
SELECT
  EXISTS (SELECT FROM undone) AS is_found,
  (SELECT is_too_old FROM decision) AS is_too_old,
  (SELECT is_changed FROM decision) AS is_changed,
  (SELECT updated FROM counts) AS orders_restored,
  (SELECT deleted FROM counts) AS orders_removed,
  (SELECT created FROM counts) AS orders_recreated,
  (SELECT left_alone FROM decision)::integer AS orders_left_alone,
  (SELECT coalesce(json_agg(order_number), '[]')::text FROM left_alone) AS left_alone,
  (SELECT id FROM receipt)::text AS upload_id,
  (SELECT receipt FROM original) AS original,
  (SELECT database_ms FROM decision) AS database_ms,
  CASE
    WHEN (SELECT writes FROM decision) AND (
      (SELECT conflicts FROM counts) > 0
      OR (SELECT seen_xmin FROM fence) IS DISTINCT FROM (SELECT seen_xmin FROM root)
    ) THEN raise_serialization_failure('orders were changed by another request meanwhile')
    WHEN (SELECT items FROM losses) THEN raise_rows_lost('items were not as they have to be')
    WHEN (SELECT days FROM losses) THEN raise_rows_lost('days of the roll-up were not stored')
    WHEN (SELECT history FROM losses) THEN raise_rows_lost('what was replaced was not kept')
  END AS nothing`;
}

/** One where there is a receipt. */
function undoLine(by: Doer): RawBuilder<unknown> {
  return auditLines(by, 'upload.undo', sql`undone AS u, counts AS c, receipt`, {
    sellerId: sql`u.user_id`,
    target: sql`u.id::text`,
    after: sql`jsonb_build_object(
      'orders_restored', c.updated, 'orders_removed', c.deleted, 'orders_recreated', c.created,
      'orders_left_alone', c.left_alone)`,
  });
}

/** `sku text, quantity integer` */
function typed(columns: typeof LINE_COLUMNS): RawBuilder<unknown> {
  return sql.raw(
    namesOf(columns)
      .map((name) => `${name} ${columns[name].type}`)
      .join(', '),
  );
}
