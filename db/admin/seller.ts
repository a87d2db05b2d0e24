import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { average, ordersCount, type Stats, totalRevenue } from '../stats/seller-stats.ts';

/** What a seller's orders come to, in all, by status and by day. Money is decimal text, exact. */
export interface SellerFigures extends Stats {
  username: string;
  /** What people have noted of the seller; `null` where nothing was. */
  note: string | null;
  /** UTC days as `2025-11-12`; `null` without orders. */
  first_day: string | null;
  last_day: string | null;
  /** Those with most orders first, 30 at most. */
  statuses: (Counted & { status: string })[];
  /**
   * The last day that is drawn: `last_day`, or today where that is later; `null` without orders.
   */
  until: string | null;
  /** Of the last days up to `until`, oldest first; days without orders are absent. */
  days: (Counted & { day: string })[];
  /** How many orders are dated after `until`. */
  later_orders: number;
}

interface Counted {
  orders_count: number;
  total_revenue: string;
}

/** A status is free text: somebody may send a new one with every order. */
export const MAX_STATUSES = 30;

/**
 * Read from the roll-up in one call: the cost does not grow with the orders.
 *
 * @param days how many days up to `until` the figures' `days` cover
 * @param today what is dated later is not drawn: one order of 9999 would hide all others
 * @returns `undefined` when there is no such seller
 */
export async function findSellerFigures(
  db: Kysely<Database>,
  username: string,
  days: number,
  today: string,
): Promise<SellerFigures | undefined> {
  const { rows } = await findSellerFiguresStatement(username, days, today).execute(db);
  return rows[0] && { ...rows[0], ...JSON.parse(rows[0].lists) };
}

/** @returns a query whose `lists` is JSON with `statuses` and `days` */
export function findSellerFiguresStatement(
  username: string,
  days: number,
  today: string,
): RawBuilder<Omit<SellerFigures, 'statuses' | 'days'> & { lists: string }> {
  return sql`
    WITH figures AS MATERIALIZED (
      SELECT f.day, f.status, f.orders_count, f.total_revenue
      FROM daily_order_stats AS f
      WHERE f.user_id = (SELECT id FROM users WHERE username = ${username})
        AND (f.orders_count <> 0 OR f.total_revenue <> 0) -- what is left of a day means the same as no row
    ),
    drawn AS (SELECT least(max(day), ${today}::date) AS until FROM figures),
    by_status AS (
      SELECT status, sum(orders_count)::bigint AS orders_count, sum(total_revenue)::text AS total_revenue
      FROM figures GROUP BY status ORDER BY 2 DESC, 1 LIMIT ${MAX_STATUSES}::int
    ),
    by_day AS (
      SELECT day, sum(orders_count)::bigint AS orders_count, sum(total_revenue)::text AS total_revenue
      FROM figures, drawn WHERE day > until - ${days}::int AND day <= until
      GROUP BY day ORDER BY day
    )
    SELECT u.username, (SELECT note FROM seller_settings WHERE user_id = u.id) AS note,
      ${ordersCount} AS orders_count, ${totalRevenue} AS total_revenue,
      ${average} AS avg_order_value, min(s.day)::text AS first_day, max(s.day)::text AS last_day,
      CASE WHEN count(s.day) > 0 THEN (SELECT until FROM drawn)::text END AS until,
      coalesce(sum(s.orders_count) FILTER (WHERE s.day > (SELECT until FROM drawn)), 0)::bigint AS later_orders,
      json_build_object(
        'statuses', (SELECT coalesce(json_agg(by_status), '[]') FROM by_status),
        'days', (SELECT coalesce(json_agg(by_day), '[]') FROM by_day)
      )::text AS lists
    FROM users AS u LEFT JOIN figures AS s ON true
    WHERE u.username = ${username}
    GROUP BY u.id`;
}
