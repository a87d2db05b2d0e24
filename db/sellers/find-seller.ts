import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { ordersCount, totalRevenue } from '../stats/seller-stats.ts';

/** What the service has of a seller, in short; read from the roll-up at the same cost for any. */
export interface SellerHoldings {
  id: number;
  orders_count: number;
  /** Decimal text with 2 places, exact. */
  total_revenue: string;
  keys_count: number;
  /** Which open something. */
  active_keys_count: number;
}

/** @returns `undefined` when no seller has just this name: another composition is another seller */
export async function findSellerHoldings(
  db: Kysely<Database>,
  user: string,
): Promise<SellerHoldings | undefined> {
  const { rows } = await sql<SellerHoldings>`
    SELECT
      u.id, ${ordersCount} AS orders_count, ${totalRevenue} AS total_revenue,
      k.keys_count, k.active_keys_count
    FROM users AS u
    LEFT JOIN daily_order_stats AS s ON s.user_id = u.id
    CROSS JOIN LATERAL (
      SELECT
        count(*)::integer AS keys_count,
        count(*) FILTER (WHERE revoked_at IS NULL AND coalesce(expires_at > now(), true))::integer
          AS active_keys_count
      FROM seller_keys WHERE user_id = u.id
    ) AS k
    WHERE u.username = ${user}
    GROUP BY u.id, k.keys_count, k.active_keys_count`.execute(db);
  return rows[0];
}

/** @returns `undefined` when no seller has just this name */
export async function findSellerId(
  db: Kysely<Database>,
  user: string,
): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    SELECT id FROM users WHERE username = ${user}`.execute(db);
  return rows[0]?.id;
}
