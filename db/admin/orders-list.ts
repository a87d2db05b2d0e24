import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** An order as the admin lists it. */
export interface ListedOrder {
  order_number: string;
  /** The username. */
  seller: string;
  /** UTC, as `2025-11-12 10:00` */
  created_at: string;
  /** Decimal text with 2 places. */
  total_amount: string;
  status: string;
  items_count: number;
}

/** The newest orders of all sellers, newest first. */
export function listNewestOrders(db: Kysely<Database>, limit = 50): Promise<ListedOrder[]> {
  return (
    db
      .selectFrom('orders as o')
      .innerJoin('users as u', 'u.id', 'o.user_id')
      .select(['o.order_number', 'u.username as seller', 'o.total_amount', 'o.status'])
      .select(
        sql<string>`to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')`.as(
          'created_at',
        ),
      )
      // Lines are numbered without gaps: the last one's number is how many there are.
      .select(
        sql<number>`coalesce((SELECT max(line_no) FROM order_items WHERE order_id = o.id), 0)`.as(
          'items_count',
        ),
      )
      .orderBy('o.created_at', 'desc')
      .orderBy('o.id', 'desc')
      .limit(limit)
      .execute()
  );
}
