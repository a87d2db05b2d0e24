import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** An order with all that its page says of it. Money is decimal text with 2 places. */
export interface OrderDetails {
  order_number: string;
  seller: string;
  /** Instants are UTC, as `2025-11-12 10:00:00`. */
  created_at: string;
  total_amount: string;
  status: string;
  first_uploaded_at: string;
  last_changed_at: string;
  /** Whether it was since it first came, though that be in the same second. */
  is_changed: boolean;
  items_count: number;
  /** What the items come to: the sum of quantity times price. */
  items_amount: string;
  /** The total less that. */
  difference: string;
  /** The seller's orders created next before and after it. */
  previous_number: string | null;
  next_number: string | null;
}

export interface OrderLine {
  line_no: number;
  sku: string;
  name: string;
  quantity: number;
  price: string;
  line_amount: string;
}

export function findOrder(
  db: Kysely<Database>,
  orderNumber: string,
): Promise<OrderDetails | undefined> {
  return db
    .selectFrom('orders as o')
    .innerJoin('users as u', 'u.id', 'o.user_id')
    .innerJoinLateral(
      (eb) =>
        eb
          .selectFrom('order_items as i')
          .select(sql<number>`count(*)`.as('items_count'))
          .select(sql<string>`coalesce(sum(i.quantity * i.price), 0)`.as('items_amount'))
          .whereRef('i.order_id', '=', 'o.id')
          .as('items'),
      (join) => join.onTrue(),
    )
    .select(['o.order_number', 'u.username as seller', 'o.total_amount', 'o.status'])
    .select([instant('o.created_at').as('created_at')])
    .select([instant('o.first_uploaded_at').as('first_uploaded_at')])
    .select([instant('o.last_changed_at').as('last_changed_at')])
    .select(sql<boolean>`o.last_changed_at <> o.first_uploaded_at`.as('is_changed'))
    .select('items.items_count')
    .select(sql<string>`items.items_amount::numeric(38, 2)`.as('items_amount'))
    .select(sql<string>`(o.total_amount - items.items_amount)::numeric(38, 2)`.as('difference'))
    .select([neighbour('<', 'DESC').as('previous_number'), neighbour('>', 'ASC').as('next_number')])
    .where('o.order_number', '=', orderNumber)
    .executeTakeFirst();
}

/** An order's items from one line on, in their order. */
export function listOrderLines(
  db: Kysely<Database>,
  orderNumber: string,
  { afterLine, limit }: { afterLine: number; limit: number },
): Promise<OrderLine[]> {
  return db
    .selectFrom('order_items as i')
    .select(['i.line_no', 'i.sku', 'i.name', 'i.quantity', 'i.price'])
    .select(sql<string>`(i.quantity * i.price)::numeric(38, 2)`.as('line_amount'))
    .where('i.order_id', '=', (eb) =>
      eb.selectFrom('orders').select('id').where('order_number', '=', orderNumber),
    )
    .where('i.line_no', '>', afterLine)
    .orderBy('i.line_no')
    .limit(sql.lit(limit))
    .execute();
}

function instant(column: 'o.created_at' | 'o.first_uploaded_at' | 'o.last_changed_at') {
  return sql<string>`to_char(${sql.ref(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')`;
}

function neighbour(side: '<' | '>', direction: 'ASC' | 'DESC') {
  return sql<string | null>`(
    SELECT n.order_number FROM orders AS n
    WHERE n.user_id = o.user_id AND (n.created_at, n.id) ${sql.raw(side)} (o.created_at, o.id)
    ORDER BY n.created_at ${sql.raw(direction)}, n.id ${sql.raw(direction)} LIMIT 1
  )`;
}
