import type { Client } from 'pg';
import type { UploadedItem, UploadedOrder } from '../../db/uploads/order-columns.ts';
import { seededRandom } from '../../local/seeded-random.ts';

/** A checked order in which only what matters to a test is said. */
export function order(fields: Partial<UploadedOrder> = {}): UploadedOrder {
  return {
    order_number: '12345',
    created_at: '2025-11-12T10:00:00.000000Z',
    total_amount: '2500.00',
    status: 'delivered',
    items: [item({ sku: 'tea01' }), item({ sku: 'cup01', quantity: 1, price: '1500.00' })],
    ...fields,
  };
}

export function item(fields: Partial<UploadedItem> = {}): UploadedItem {
  return { sku: 'tea01', name: 'Чай зелёный', quantity: 2, price: '500.00', ...fields };
}

/** `count` orders with the numbers `<prefix>0`, `<prefix>1` and on. */
export function orders(count: number, prefix: string, fields: Partial<UploadedOrder> = {}) {
  return Array.from({ length: count }, (_, i) =>
    order({ order_number: `${prefix}${i}`, ...fields }),
  );
}

/** The same members in an order that the seed says. */
export function shuffled<T>(members: readonly T[], seed: number): T[] {
  const random = seededRandom(seed);
  return members
    .map((member) => ({ member, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ member }) => member);
}

/**
 * What the tables hold of a seller's orders, by order number: the same shape as what was uploaded.
 */
export async function storedOrders(pg: Client, user: string): Promise<UploadedOrder[]> {
  const { rows } = await pg.query(
    `SELECT o.order_number,
       to_char(o.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created_at,
       o.total_amount, o.status,
       coalesce(
         json_agg(
           json_build_object(
             'sku', i.sku, 'name', i.name, 'quantity', i.quantity, 'price', i.price::text
           ) ORDER BY i.line_no
         ) FILTER (WHERE i.order_id IS NOT NULL),
         '[]'
       ) AS items
     FROM orders AS o
     JOIN users AS u ON u.id = o.user_id
     LEFT JOIN order_items AS i ON i.order_id = o.id
     WHERE u.username = $1
     GROUP BY o.id
     ORDER BY o.order_number COLLATE "C"`,
    [user],
  );
  return rows;
}

/**
 * Where the roll-up differs from the orders that it sums; `[]` when it is exact.
 * Zero rows count as none.
 */
export async function rollUpDifferences(pg: Client): Promise<unknown[]> {
  const { rows } = await pg.query(
    `WITH truth AS (
       SELECT user_id, (created_at AT TIME ZONE 'UTC')::date AS day, status,
         count(*) AS orders_count, sum(total_amount) AS total_revenue
       FROM orders GROUP BY 1, 2, 3
     )
     SELECT user_id, day::text, status, t.orders_count AS true_count, t.total_revenue AS true_revenue,
       s.orders_count, s.total_revenue
     FROM truth AS t
     FULL JOIN daily_order_stats AS s USING (user_id, day, status)
     WHERE coalesce(t.orders_count, 0) <> coalesce(s.orders_count, 0)
       OR coalesce(t.total_revenue, 0) <> coalesce(s.total_revenue, 0)`,
  );
  return rows;
}
