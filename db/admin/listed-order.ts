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
  /** UTC, as `2025-11-12 10:00:00`; when it was uploaded, if never since. */
  last_changed_at: string;
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
    created_at: instant(sql`o.created_at`),
    total_amount: sql`o.total_amount`,
    status: sql`o.status`,
    // Lines are numbered without gaps: the last one's number is how many there are.
    items_count: sql`coalesce((SELECT max(line_no) FROM order_items WHERE order_id = o.id), 0)`,
    last_changed_at: instant(sql`o.last_changed_at`),
  });
}

const instant = (column: RawBuilder<unknown>) =>
  sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`;
