import { type RawBuilder, sql } from 'kysely';

/** One column each of what an order was and is, as a row of a statement that changes orders. */
export interface ChangeRows {
  /**
   * The table: `user_id`, and `old_` or `new_` before `created_at`, `status` and `total_amount`.
   */
  readonly rows: RawBuilder<unknown>;
  /** Which of its rows have an order that was before. @default none */
  readonly were?: RawBuilder<boolean>;
  /** Which of its rows have an order that is now. @default none */
  readonly are?: RawBuilder<boolean>;
}

/**
 * The tables `differences` and `rolled_up` of a statement that changes orders: what that comes to
 * by day and status, added to the roll-up in the order of its key, in which everybody locks it.
 * They have one row each for every row of the other; see `raise_rows_lost`.
 */
export function rollUpChanges(...changes: readonly ChangeRows[]): RawBuilder<unknown> {
  return sql`
differences AS (
  ${differencesOf(...changes)}
),
rolled_up AS (
  INSERT INTO daily_order_stats AS d (user_id, day, status, orders_count, total_revenue)
  SELECT user_id, day, status, orders_count, total_revenue FROM differences
  ORDER BY user_id, day, status COLLATE "C"
  ON CONFLICT (user_id, day, status) DO UPDATE SET
    orders_count = d.orders_count + excluded.orders_count,
    total_revenue = d.total_revenue + excluded.total_revenue
  RETURNING true AS done
)`;
}

/** What changes of orders come to by day and status, where that is not nothing. */
export function differencesOf(...changes: readonly ChangeRows[]): RawBuilder<unknown> {
  const sides = changes.flatMap(({ rows, were, are }) => [
    ...(are ? [side(rows, 'new', '', are)] : []),
    ...(were ? [side(rows, 'old', '-', were)] : []),
  ]);
  return sql`
  SELECT user_id, day, status, sum(orders) AS orders_count, sum(amount) AS total_revenue
  FROM (
    ${sql.join(sides, sql` UNION ALL `)}
  ) AS change
  GROUP BY user_id, day, status
  HAVING sum(orders) <> 0 OR sum(amount) <> 0`;
}

function side(
  rows: RawBuilder<unknown>,
  age: 'old' | 'new',
  sign: '' | '-',
  condition: RawBuilder<boolean>,
): RawBuilder<unknown> {
  const column = (name: string) => sql.raw(`${age}_${name}`);
  return sql`
    SELECT
      user_id, (${column('created_at')} AT TIME ZONE 'UTC')::date AS day,
      ${column('status')} AS status, ${sql.raw(sign)}1 AS orders,
      ${sql.raw(sign)}${column('total_amount')} AS amount
    FROM ${rows} WHERE ${condition}`;
}
