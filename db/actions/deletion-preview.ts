import { type Kysely, sql } from 'kysely';
import type { Spellings } from '../orders/spellings.ts';
import type { Database } from '../schema.ts';
import { type SellerSums, sumsOf } from './seller-sums.ts';

/** What deleting an order would take away. Money is decimal text with 2 places. */
export interface DeletionPreview extends SellerSums {
  id: number;
  version: number;
  order_number: string;
  seller: string;
  /** UTC, as `2025-11-12 10:00` */
  created_at: string;
  status: string;
  total_amount: string;
  items_count: number;
}

/** @returns `undefined` when there is no such order */
export async function previewDeletion(
  db: Kysely<Database>,
  spellings: Spellings,
): Promise<DeletionPreview | undefined> {
  const { rows } = await sql<DeletionPreview>`
    SELECT
      o.id, o.version, o.order_number, u.username AS seller, o.status,
      to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS created_at,
      o.total_amount::text AS total_amount,
      (SELECT count(*) FROM order_items WHERE order_id = o.id) AS items_count,
      ${sumsOf({ userId: sql`o.user_id`, orders: sql`-1`, revenue: sql`-o.total_amount` })}
    FROM orders AS o JOIN users AS u ON u.id = o.user_id
    WHERE o.order_number IN (${sql.join(spellings)})
    ORDER BY array_position(ARRAY[${sql.join(spellings)}]::text[], o.order_number::text) LIMIT 1`.execute(
    db,
  );
  return rows[0];
}
