import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { type ListedOrder, listedOrder } from './listed-order.ts';

/** A seller's newest orders, newest first. */
export async function listLastOrders(
  db: Kysely<Database>,
  username: string,
  limit: number,
): Promise<ListedOrder[]> {
  return (await listLastOrdersStatement(username, limit).execute(db)).rows;
}

/**
 * The seller is a range of one id: with `user_id = …` PostgreSQL may walk the orders of all sellers
 * by time instead, and through all of them where the seller's last order is an old one.
 */
export function listLastOrdersStatement(username: string, limit: number): RawBuilder<ListedOrder> {
  return sql`
    WITH seller AS MATERIALIZED (SELECT id FROM users WHERE username = ${username})
    SELECT ${listedOrder(sql`${username}::text`)}
    FROM orders AS o
    WHERE (o.user_id, o.created_at) >= ((SELECT id FROM seller), '-infinity'::timestamptz)
      AND (o.user_id, o.created_at) <= ((SELECT id FROM seller), 'infinity'::timestamptz)
    ORDER BY o.user_id DESC, o.created_at DESC, o.id DESC
    LIMIT ${sql.lit(limit)}`;
}
