import { type Kysely, type RawBuilder, sql } from 'kysely';
import { PLAN_FINGERPRINT, plannedUndo } from '../amend/undo-plan.ts';
import type { Database } from '../schema.ts';
import { type SellerSums, sumsOf } from './seller-sums.ts';

/** What undoing a request would do. */
export interface UndoPreview extends SellerSums {
  seller: string;
  kind: 'upload' | 'delete' | 'undo';
  /** UTC, as `2025-11-12 10:00` */
  created_at: string;
  /** Whether what its orders were before is no longer kept: it cannot be undone. */
  is_too_old: boolean;
  /** By which it is known whether the plan is still the same. */
  fingerprint: string;
  orders_restored: number;
  orders_removed: number;
  orders_recreated: number;
  orders_left_alone: number;
  /** The first of them by number, 100 at most. */
  orders: readonly PlannedOrder[];
}

export interface PlannedOrder {
  readonly order_number: string;
  readonly action: 'restore' | 'remove' | 'recreate' | 'leave';
  /** `null` where there is no order before, or after. */
  readonly status_before: string | null;
  readonly status_after: string | null;
  /** Decimal text with 2 places. */
  readonly amount_before: string | null;
  readonly amount_after: string | null;
}

export const MAX_NAMED = 100;

/** @returns `undefined` when there is no such upload */
export async function previewUndo(
  db: Kysely<Database>,
  uploadId: string,
): Promise<UndoPreview | undefined> {
  const { rows } = await previewUndoStatement(uploadId).execute(db);
  return rows[0] && { ...rows[0], orders: JSON.parse(rows[0].orders) };
}

/** @returns a query whose `orders` is JSON */
export function previewUndoStatement(
  uploadId: string,
): RawBuilder<Omit<UndoPreview, 'orders'> & { orders: string }> {
  const count = (action: PlannedOrder['action']) =>
    sql`(SELECT count(*) FROM changes WHERE action = ${sql.lit(action)})`;
  return sql`
WITH RECURSIVE known_seller AS (
  SELECT id, username FROM users
  WHERE id = (SELECT user_id FROM uploads WHERE id = ${uploadId}::uuid)
),
${plannedUndo(uploadId)},
changes AS MATERIALIZED (
  SELECT
    p.action, p.order_number, o.status AS status_before, o.total_amount AS amount_before,
    CASE p.action WHEN 'remove' THEN NULL WHEN 'leave' THEN o.status ELSE p.status END AS status_after,
    CASE p.action WHEN 'remove' THEN NULL WHEN 'leave' THEN o.total_amount ELSE p.total_amount END
      AS amount_after
  FROM planned AS p
  LEFT JOIN LATERAL (SELECT status, total_amount FROM orders WHERE id = p.id OFFSET 0) AS o ON true
),
named AS (
  SELECT
    order_number, action, status_before, status_after, amount_before::text AS amount_before,
    amount_after::text AS amount_after
  FROM changes ORDER BY action = 'leave', order_number COLLATE "C" LIMIT ${sql.lit(MAX_NAMED)}
)
SELECT
  s.username AS seller, u.kind, to_char(u.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS created_at,
  undone.changed_count > (SELECT count(*) FROM present) AS is_too_old,
  ${PLAN_FINGERPRINT} AS fingerprint,
  ${count('restore')} AS orders_restored, ${count('remove')} AS orders_removed,
  ${count('recreate')} AS orders_recreated, ${count('leave')} AS orders_left_alone,
  (SELECT coalesce(json_agg(named), '[]')::text FROM named) AS orders,
  ${sumsOf({
    userId: sql`s.id`,
    orders: sql`(SELECT count(amount_after) - count(amount_before) FROM changes)`,
    revenue: sql`(SELECT coalesce(sum(coalesce(amount_after, 0) - coalesce(amount_before, 0)), 0) FROM changes)`,
  })}
FROM undone JOIN uploads AS u ON u.id = undone.id CROSS JOIN known_seller AS s`;
}
