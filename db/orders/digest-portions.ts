import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { DigestPeriod } from './day-digests.ts';

/** How many orders the roll-up counts of a day. */
export interface DayCount {
  /** As `YYYY-MM-DD`. */
  readonly day: string;
  readonly orders_count: number;
}

/** Some tenths of a second of PostgreSQL's time; a statement of the role has 10 s. */
const PORTION_ORDERS = 50_000;

/** The days of a period that have orders, oldest first; `undefined` without such a seller. */
export async function countOrdersByDay(
  db: Kysely<Database>,
  period: DigestPeriod,
): Promise<DayCount[] | undefined> {
  const { rows } = await dayCountsStatement(period).execute(db);
  return rows[0] && JSON.parse(rows[0].days);
}

export function dayCountsStatement({ user, from, to }: DigestPeriod): RawBuilder<{ days: string }> {
  return sql<{ days: string }>`
WITH seller AS MATERIALIZED (
  SELECT id FROM users WHERE username = ${user}
),
days AS (
  SELECT day, sum(orders_count) AS orders_count FROM daily_order_stats
  WHERE user_id = (SELECT id FROM seller) AND day >= ${from}::date AND day < ${to}::date
  GROUP BY day HAVING sum(orders_count) > 0
)
SELECT (SELECT coalesce(json_agg(d ORDER BY day), '[]') FROM days AS d)::text AS days
FROM seller`;
}

/**
 * A period in as many as it takes for each to have at most some 50,000 orders; a day is never
 * divided. They leave out no day: what the roll-up does not count has a digest all the same.
 */
export function portionsOf(
  { user, from, to }: DigestPeriod,
  counts: readonly DayCount[],
): DigestPeriod[] {
  const portions: DigestPeriod[] = [];
  let start = from;
  let orders = 0;
  for (const { day, orders_count } of counts) {
    if (orders > 0 && orders + orders_count > PORTION_ORDERS) {
      portions.push({ user, from: start, to: day });
      start = day;
      orders = 0;
    }
    orders += orders_count;
  }
  return [...portions, { user, from: start, to }];
}
