import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { ListedOrder } from './orders-list.ts';

/** A seller's newest orders, newest first. */
export async function listLastOrders(
  db: Kysely<Database>,
  username: string,
  limit: number,
): Promise<ListedOrder[]> {
  return (await selectLastOrders(username, limit).execute(db)).rows;
}

export function selectLastOrders(username: string, limit: number): RawBuilder<ListedOrder> {
  return sql`
    SELECT o.order_number, ${username}::text AS seller,
      to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS created_at,
      o.total_amount, o.status,
      -- Lines are numbered without gaps: the last one's number is how many there are.
      coalesce((SELECT max(line_no) FROM order_items WHERE order_id = o.id), 0) AS items_count
    FROM orders AS o
    WHERE o.user_id = (SELECT id FROM users WHERE username = ${username})
    ORDER BY o.created_at DESC, o.id DESC
    LIMIT ${sql.lit(limit)}`;
}
