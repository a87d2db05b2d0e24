import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** A seller's figures; money is decimal text with 2 places, exact. */
export interface SellerStats {
  orders_count: number;
  total_revenue: string;
  /** Rounded half away from zero to cents; `0.00` without orders. */
  avg_order_value: string;
}

/**
 * A seller's totals as of now, read from the roll-up: the cost does not grow with the orders.
 * `undefined` when there is no such seller.
 */
export function findSellerStats(
  db: Kysely<Database>,
  user: string,
): Promise<SellerStats | undefined> {
  return db
    .selectFrom('users as u')
    .leftJoin('daily_order_stats as s', 's.user_id', 'u.id')
    .select([
      sql<number>`coalesce(sum(s.orders_count), 0)::bigint`.as('orders_count'),
      sql<string>`coalesce(sum(s.total_revenue), 0)::numeric(38, 2)`.as('total_revenue'),
      sql<string>`
        coalesce(round(sum(s.total_revenue) / nullif(sum(s.orders_count), 0), 2), 0)::numeric(38, 2)
      `.as('avg_order_value'),
    ])
    .where('u.username', '=', user)
    .groupBy('u.id')
    .executeTakeFirst();
}
