import { type RawBuilder, sql } from 'kysely';
import { selectList } from './select-list.ts';

/** An order as the admin lists it. */
export interface ListedOrder {
  order_number: string;
  /** The username. */
  seller: string;
  /** UTC, as `2025-11-12 10:00:00` */
  created_at: string;
  /** Decimal text with 2 places. */
  total_amount: string;
  status: string;
  items_count: number;
}

/**
 * What to select of an order that the statement calls `o`.
 *
 * @param seller SQL for the username
 */
export function listedOrder(seller: RawBuilder<unknown>): RawBuilder<ListedOrder> {
  return selectList<ListedOrder>({
    order_number: sql`o.order_number`,
    seller,
    created_at: sql`to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`,
    total_amount: sql`o.total_amount`,
    status: sql`o.status`,
    // Lines are numbered without gaps: the last one's number is how many there are.
    items_count: sql`coalesce((SELECT max(line_no) FROM order_items WHERE order_id = o.id), 0)`,
  });
}
