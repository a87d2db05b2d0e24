import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { selectList } from './select-list.ts';

/** An item of one of several orders. Money is decimal text with 2 places. */
export interface ListedItem {
  order_id: string;
  line_no: number;
  sku: string;
  name: string;
  quantity: number;
  price: string;
  line_amount: string;
}

/** Items of the longest texts fill less than the Data API's 1 MiB for a result. */
export const ITEMS_A_CALL = 500;

/**
 * Items of orders, in the order in which these are named, 500 at most.
 *
 * @param afterLine up to which those of the first order are left out
 */
export async function listItems(
  db: Kysely<Database>,
  orderIds: readonly string[],
  afterLine = 0,
): Promise<ListedItem[]> {
  return (await listItemsStatement(orderIds, afterLine).execute(db)).rows;
}

export function listItemsStatement(
  orderIds: readonly string[],
  afterLine: number,
): RawBuilder<ListedItem> {
  return sql`
    SELECT ${selectList<ListedItem>({
      order_id: sql`i.order_id::text`,
      line_no: sql`i.line_no`,
      sku: sql`i.sku`,
      name: sql`i.name`,
      quantity: sql`i.quantity`,
      price: sql`i.price`,
      line_amount: sql`(i.quantity * i.price)::numeric(38, 2)`,
    })}
    FROM unnest(string_to_array(${orderIds.join(',')}, ',')::bigint[]) WITH ORDINALITY AS p (id, place)
    CROSS JOIN LATERAL (
      SELECT * FROM order_items
      WHERE order_id = p.id AND line_no > CASE WHEN p.place = 1 THEN ${sql.lit(afterLine)} ELSE 0 END
      ORDER BY order_id, line_no LIMIT ${sql.lit(ITEMS_A_CALL)}
    ) AS i
    ORDER BY p.place, i.line_no LIMIT ${sql.lit(ITEMS_A_CALL)}`;
}
