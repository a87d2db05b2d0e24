import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { ordersCount, totalRevenue } from '../stats/seller-stats.ts';
import { isSellerFoundBy, LOWER_NAME, lowerName } from './sellers-found.ts';

/** A seller as the admin lists it. */
export interface ListedSeller {
  id: number;
  username: string;
  /** Of the period; money is decimal text with 2 places. */
  orders_count: number;
  total_revenue: string;
  /** The UTC day of the last order up to today; `null` without one. */
  last_order: string | null;
  /** When something of the seller's was last changed, as `2025-11-12 10:00`, UTC. */
  last_upload: string | null;
  active_keys: number;
}

export const SELLER_SORTS = ['revenue', 'orders', 'name'] as const;
export type SellerSort = (typeof SELLER_SORTS)[number];

export interface SellersQuery {
  /** What a name begins with, or words of it. */
  readonly q?: string | undefined;
  readonly sort: SellerSort;
  /** The last UTC day of the period, and how many days it has. */
  readonly today: string;
  readonly days: number;
  /** The key of the seller after whom to begin. @default with the first */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Sellers with what their orders of a period come to; also those without any. */
export async function listSellers(
  db: Kysely<Database>,
  query: SellersQuery,
): Promise<ListedSeller[]> {
  return (await listSellersStatement(query).execute(db)).rows;
}

/** Where the list goes on after a seller. */
export function sellerKey(seller: ListedSeller, sort: SellerSort): string {
  const { username, orders_count, total_revenue, id } = seller;
  return `${{ name: username, orders: orders_count, revenue: total_revenue }[sort]}_${id}`;
}

/** Whether a text can be such a key. */
export function isSellerKey(text: string, sort: SellerSort): boolean {
  return KEYS[sort].test(text);
}

const KEYS: Readonly<Record<SellerSort, RegExp>> = {
  revenue: /^-?\d{1,30}\.\d\d_\d{1,18}$/,
  orders: /^-?\d{1,18}_\d{1,18}$/,
  name: /^[^\0]{1,150}_\d{1,18}$/, // also of a seller who is gone
};

export function listSellersStatement(query: SellersQuery): RawBuilder<ListedSeller> {
  const { sort, limit } = query;
  const order = {
    revenue: sql`total_revenue DESC, id DESC`,
    orders: sql`orders_count DESC, id DESC`,
    name: sql`${LOWER_NAME}, id`,
  }[sort];
  return sql`
    WITH page AS MATERIALIZED (${sort === 'name' ? byName(query, order) : byFigures(query, order)})
    SELECT p.id, p.username, p.orders_count, p.total_revenue,
      (
        SELECT s.day::text FROM daily_order_stats AS s
        WHERE s.user_id = p.id AND s.day <= ${query.today}::date AND s.orders_count > 0
        ORDER BY s.user_id DESC, s.day DESC LIMIT 1
      ) AS last_order,
      (
        SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') FROM uploads
        WHERE user_id = p.id ORDER BY user_id DESC, id DESC LIMIT 1
      ) AS last_upload,
      (
        SELECT count(*) FROM seller_keys
        WHERE user_id = p.id AND revoked_at IS NULL AND coalesce(expires_at > now(), true)
      ) AS active_keys
    FROM page AS p
    ORDER BY ${order} LIMIT ${sql.lit(limit)}`;
}

/** Only the page's sellers are added up. */
function byName({ q, after, today, days, limit }: SellersQuery, order: RawBuilder<unknown>) {
  const [, name, id] = after?.match(/^(.+)_(\d+)$/s) ?? [];
  return sql`
      SELECT u.id, u.username, f.orders_count, f.total_revenue
      FROM (
        SELECT id, username FROM users
        WHERE ${q ? isSellerFoundBy(q) : sql`true`}
          ${name === undefined ? sql`` : sql`AND (${LOWER_NAME}, id) > (${lowerName(sql`${name}`)}, ${id}::bigint)`}
        ORDER BY ${order} LIMIT ${sql.lit(limit)}
      ) AS u
      CROSS JOIN LATERAL (
        SELECT ${ordersCount} AS orders_count, ${totalRevenue} AS total_revenue
        FROM daily_order_stats AS s
        WHERE s.user_id = u.id AND s.day > ${today}::date - ${sql.lit(days)} AND s.day <= ${today}::date
      ) AS f`;
}

/** All sellers' orders of the period are added up, to know the first. */
function byFigures(
  { q, sort, after, today, days, limit }: SellersQuery,
  order: RawBuilder<unknown>,
) {
  const column = sort === 'orders' ? sql`orders_count` : sql`total_revenue`;
  const [value = '', id = ''] = after?.split('_') ?? [];
  return sql`
      SELECT * FROM (
        SELECT u.id, u.username,
          coalesce(f.orders_count, 0) AS orders_count, coalesce(f.total_revenue, 0)::numeric(38, 2) AS total_revenue
        FROM users AS u
        LEFT JOIN (
          SELECT s.user_id, ${ordersCount} AS orders_count, ${totalRevenue} AS total_revenue
          FROM daily_order_stats AS s
          WHERE s.day > ${today}::date - ${sql.lit(days)} AND s.day <= ${today}::date
          GROUP BY s.user_id
        ) AS f ON f.user_id = u.id
        WHERE ${q ? isSellerFoundBy(q) : sql`true`}
      ) AS sellers
      ${after === undefined ? sql`` : sql`WHERE (${column}, id) < (${value}::numeric, ${id}::bigint)`}
      ORDER BY ${order} LIMIT ${sql.lit(limit)}`;
}
