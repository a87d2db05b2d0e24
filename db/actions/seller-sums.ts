import { type RawBuilder, sql } from 'kysely';

/** What a seller's orders come to, now and when something is done. Money is decimal text, exact. */
export interface SellerSums {
  orders_before: number;
  orders_after: number;
  revenue_before: string;
  revenue_after: string;
}

/** Columns of a `SellerSums`, read from the roll-up. */
export function sumsOf({
  userId,
  orders,
  revenue,
}: {
  readonly userId: RawBuilder<unknown>;
  /** What comes to them; negative for what goes. */
  readonly orders: RawBuilder<unknown>;
  readonly revenue: RawBuilder<unknown>;
}): RawBuilder<SellerSums> {
  const all = (column: string, more: RawBuilder<unknown>) => sql`(
    SELECT coalesce(sum(${sql.ref(column)}), 0) + ${more}
    FROM daily_order_stats WHERE user_id = ${userId}
  )`;
  return sql`
    ${all('orders_count', sql`0`)}::bigint AS orders_before,
    ${all('orders_count', orders)}::bigint AS orders_after,
    ${all('total_revenue', sql`0`)}::numeric(38, 2)::text AS revenue_before,
    ${all('total_revenue', revenue)}::numeric(38, 2)::text AS revenue_after`;
}
