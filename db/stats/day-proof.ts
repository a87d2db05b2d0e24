import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** What proving a day came to. */
export interface DayProof {
  /**
   * Whether it was done; `false` when another run did it at the same moment, so that it is to be
   * done anew.
   */
  proved: boolean;
  /** What all sellers' orders of the day come to. */
  orders_count: number;
  total_revenue: string;
  sellers_count: number;
  /** Rows that the roll-up of the day has to have: one for each seller and status. */
  rows_count: number;
  /** Rows in which the roll-up differed from the orders; all of them are right now. */
  drift_found: number;
  /** The first ten of them, as JSON text: how much each row lacked, or had too much. */
  drift_examples: string;
}

/** Computes a day from its orders and repairs the roll-up; see `proveDayStatement`. */
export async function computeDay(
  db: Kysely<Database>,
  day: string,
  runId: string,
): Promise<DayProof> {
  for (;;) {
    const { rows } = await proveDayStatement(day, runId).execute(db);
    if (rows[0]?.proved) return rows[0];
  }
}

/**
 * One statement that computes a day of the roll-up from the orders, repairs what differs and counts
 * it in the run: all of it or none.
 *
 * **Uploads** may run meanwhile, and nothing waits for them. An upload changes orders and roll-up
 * in one transaction and by the same amount, so in the one snapshot that the statement sees, the
 * difference between the two is no upload's doing. It is that difference which is added to each
 * row, whatever uploads have added to the row since the snapshot.
 *
 * **Another run** would see the same difference and add it once more. Each proof of a day therefore
 * raises the day's number in `proved_days` from the one in its snapshot. Where another run has come
 * in between, the number is another, and nothing is written.
 *
 * A row of zeros means the same as no row. Uploads leave such rows behind when a day's orders move
 * away; here they are deleted, unless an upload fills them again at this very moment (`orders_count
 * = 0`, seen in the row as it is by then). `is_empty` and `total_revenue = 0` are second lines:
 * they leave a row that is drift to the repair alone, since PostgreSQL does not say which of two
 * changes a statement makes of one row.
 *
 * Each seller's day is read through the index on the sellers' orders, so the cost grows with the
 * day's orders and the number of sellers, not with all orders.
 */
export function proveDayStatement(day: string, runId: string): RawBuilder<DayProof> {
  return sql<DayProof>`
WITH seen AS (
  SELECT proofs FROM proved_days WHERE day = ${day}::date
),
fence AS (
  INSERT INTO proved_days AS p (day, proofs, proved_at) VALUES (${day}::date, 1, now())
  ON CONFLICT (day) DO UPDATE SET proofs = p.proofs + 1, proved_at = now()
  WHERE p.proofs = (SELECT proofs FROM seen)
  RETURNING true AS passed
),
truth AS MATERIALIZED (
  SELECT o.user_id, o.status, count(*) AS orders_count, sum(o.total_amount) AS total_revenue
  FROM users AS u
  JOIN orders AS o ON o.user_id = u.id
  WHERE o.created_at >= ${day}::date::timestamp AT TIME ZONE 'UTC'
    AND o.created_at < (${day}::date + 1)::timestamp AT TIME ZONE 'UTC'
  GROUP BY o.user_id, o.status
),
kept AS (
  SELECT d.user_id, d.status, d.orders_count, d.total_revenue
  FROM users AS u
  JOIN daily_order_stats AS d ON d.user_id = u.id AND d.day = ${day}::date
),
compared AS MATERIALIZED (
  SELECT
    user_id, status, truth.user_id IS NULL AS is_empty,
    coalesce(truth.orders_count, 0) - coalesce(kept.orders_count, 0) AS orders_count,
    coalesce(truth.total_revenue, 0) - coalesce(kept.total_revenue, 0) AS total_revenue
  FROM truth FULL JOIN kept USING (user_id, status)
),
drift AS (
  SELECT user_id, status, orders_count, total_revenue FROM compared
  WHERE orders_count <> 0 OR total_revenue <> 0
),
repaired AS (
  INSERT INTO daily_order_stats AS d (user_id, day, status, orders_count, total_revenue)
  SELECT user_id, ${day}::date, status, orders_count, total_revenue FROM drift, fence
  ORDER BY user_id, status COLLATE "C"
  ON CONFLICT (user_id, day, status) DO UPDATE SET
    orders_count = d.orders_count + excluded.orders_count,
    total_revenue = d.total_revenue + excluded.total_revenue
  RETURNING true AS done
),
emptied AS (
  DELETE FROM daily_order_stats AS d
  USING compared AS c, fence
  WHERE c.is_empty
    AND d.user_id = c.user_id AND d.day = ${day}::date AND d.status = c.status
    AND d.orders_count = 0 AND d.total_revenue = 0
),
counted AS (
  UPDATE nightly_runs SET
    drift_found = drift_found + (SELECT count(*) FROM drift),
    drift_repaired = drift_repaired + (SELECT count(*) FROM repaired)
  WHERE id = ${runId}::uuid AND EXISTS (SELECT FROM fence) AND EXISTS (SELECT FROM drift)
)
SELECT
  EXISTS (SELECT FROM fence) AS proved,
  coalesce(sum(orders_count), 0)::bigint AS orders_count,
  coalesce(sum(total_revenue), 0)::numeric(38, 2) AS total_revenue,
  count(DISTINCT user_id) AS sellers_count,
  count(*) AS rows_count,
  (SELECT count(*) FROM drift) AS drift_found,
  (
    SELECT coalesce(json_agg(example), '[]')::text
    FROM (SELECT user_id, status, orders_count, total_revenue::text FROM drift LIMIT 10) AS example
  ) AS drift_examples
FROM truth`;
}
