import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { instantText } from './order-json.ts';

/** What a seller's orders of one UTC day come to, and a hash of all that they are. */
export interface DayDigest {
  /** As `YYYY-MM-DD`. */
  readonly date: string;
  readonly orders_count: number;
  /** Decimal text with 2 places, exact. */
  readonly total_revenue: string;
  /** SHA-256 in hexadecimal. */
  readonly digest: string;
}

export interface DigestPeriod {
  readonly user: string;
  readonly from: string;
  /** The first day that no longer belongs to the period. */
  readonly to: string;
}

/**
 * The days of a period that have orders, oldest first, each with its digest: docs/api.md gives the
 * rule, by which a seller's system computes the same of what it has sent.
 *
 * Items are in it by the digest that is kept with their order; they are not read. Of an order that
 * has other items than were uploaded it is empty, which makes the day's another than the seller's.
 *
 * @returns `undefined` when there is no such seller
 */
export async function listDayDigests(
  db: Kysely<Database>,
  period: DigestPeriod,
): Promise<DayDigest[] | undefined> {
  const { rows } = await dayDigestsStatement(period).execute(db);
  return rows[0] && JSON.parse(rows[0].days);
}

/**
 * The days as JSON: the Data API makes an object of every field, which takes longer than the query.
 */
export function dayDigestsStatement({
  user,
  from,
  to,
}: DigestPeriod): RawBuilder<{ days: string }> {
  const start = (day: string) => sql`${day}::date::timestamp AT TIME ZONE 'UTC'`;
  return sql<{ days: string }>`
WITH seller AS MATERIALIZED (
  SELECT id FROM users WHERE username = ${user}
),
hashed AS (
  SELECT
    (created_at AT TIME ZONE 'UTC')::date AS date, total_amount,
    sha256(convert_to(concat_ws(
      chr(10), order_number, ${instantText('created_at')}, total_amount, status,
      encode(items_digest, 'hex')
    ), 'UTF8')) AS hash
  FROM orders
  WHERE user_id = (SELECT id FROM seller)
    AND created_at >= ${start(from)} AND created_at < ${start(to)}
),
days AS (
  SELECT
    date, count(*) AS orders_count, sum(total_amount)::text AS total_revenue,
    encode(sha256(string_agg(hash, '' ORDER BY hash)), 'hex') AS digest
  FROM hashed GROUP BY date
)
SELECT (SELECT coalesce(json_agg(d ORDER BY date), '[]') FROM days AS d)::text AS days
FROM seller`;
}
