import { type RawBuilder, sql } from 'kysely';
import { isDay } from '../days.ts';
import { instantText } from './order-json.ts';

/** Which of a seller's orders, and from where on. */
export interface OrdersQuery {
  readonly user: string;
  /** The first UTC day of `created_at` that counts. @default the seller's first */
  readonly from?: string | undefined;
  /** The first UTC day that no longer counts. @default none */
  readonly to?: string | undefined;
  /** The statuses that count. @default all */
  readonly statuses?: readonly string[];
  /** The place of the order before the first. @default the page is the first */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Whether a text is a place: PostgreSQL reads it without an error. */
export function isPlace(text: string): boolean {
  return PLACE.test(text) && isDay(text.slice(0, 10));
}

/** An order's `created_at` and `id`. */
const PLACE = /^[\d-]{10}T([01]\d|2[0-3])(:[0-5]\d){2}\.\d{6}Z_\d{1,18}$/;

/** How many orders are looked at for those of a status, beside those of two days. */
const MOST_LOOKED_AT = 20_000;

/**
 * SQL of a page's orders and one more, for `readPortion`; their keys are their places. How much it
 * reads does not grow with the seller's orders.
 */
export function ordersOfPage(query: OrdersQuery): RawBuilder<unknown> {
  const { statuses = [] } = query;
  return statuses.length > 0 ? ordersOfStatuses(query, statuses) : placed(allOrders(query));
}

function placed(orders: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
  SELECT
    o.id, ${instantText('o.created_at')} || '_' || o.id AS key,
    row_number() OVER (ORDER BY o.created_at, o.id) AS place
  FROM (${orders}) AS o`;
}

function allOrders(query: OrdersQuery): RawBuilder<unknown> {
  const { from, to } = query;
  const period = {
    from: from ? sql`${from}::date::timestamp AT TIME ZONE 'UTC'` : sql`'-infinity'`,
    to: to ? sql`${to}::date::timestamp AT TIME ZONE 'UTC'` : sql`'infinity'`,
  };
  return sql`
    SELECT o.id, o.created_at FROM seller CROSS JOIN LATERAL (${scan(query, period)}) AS o`;
}

/**
 * The roll-up knows the days on which the seller has orders of these statuses; no others are looked
 * at. They are as many as have enough for a page, or fewer where there are too many other orders on
 * them: that page is a short one. What of its first day is before the page is not known, so that
 * day counts for nothing, and the next one is always looked at.
 */
function ordersOfStatuses(query: OrdersQuery, statuses: readonly string[]): RawBuilder<unknown> {
  const { from, to, after, limit } = query;
  const isOfStatuses = sql`status IN (${sql.join(statuses)})`;
  const firstDay = after?.slice(0, 10);
  const counts = firstDay ? sql`day > ${firstDay}::date` : sql`true`;
  const day = {
    from: sql`d.day::timestamp AT TIME ZONE 'UTC'`,
    to: sql`(d.day + 1)::timestamp AT TIME ZONE 'UTC'`,
  };
  const orders = sql`
    SELECT o.id, o.created_at
    FROM days AS d CROSS JOIN seller CROSS JOIN LATERAL (${scan(query, day, isOfStatuses)}) AS o
    WHERE d.is_read
    ORDER BY o.created_at, o.id
    LIMIT ${sql.lit(limit + 1)}`;
  return sql`
  WITH days AS MATERIALIZED (
    SELECT
      day,
      coalesce(sum(found) FILTER (WHERE ${counts}) OVER earlier, 0) <= ${sql.lit(limit)}
        AND coalesce(sum(looked_at) FILTER (WHERE ${counts}) OVER earlier, 0)
          <= ${sql.lit(MOST_LOOKED_AT)} AS is_read
    FROM (
      SELECT
        day, sum(orders_count) FILTER (WHERE ${isOfStatuses}) AS found,
        sum(orders_count) AS looked_at
      FROM daily_order_stats
      WHERE user_id = (SELECT id FROM seller)
        ${from ? sql`AND day >= ${from}::date` : sql``}
        ${to ? sql`AND day < ${to}::date` : sql``}
        ${firstDay ? sql`AND day >= ${firstDay}::date` : sql``}
      GROUP BY day
    ) AS d
    WHERE found > 0
    WINDOW earlier AS (ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
    ORDER BY day
    LIMIT ${sql.lit(limit + 3)} -- one of them at least has enough before it
  )
  ${placed(orders)}
  UNION ALL
  SELECT NULL, min(day) || 'T00:00:00.000000Z_0', ${sql.lit(limit + 2)}
  FROM days WHERE NOT is_read HAVING count(*) > 0`;
}

/**
 * The first of the seller's orders of a period, from the query's place on. Rows are compared, which
 * only the index on (user_id, created_at) can answer: by one that lacks the seller PostgreSQL would
 * now and then read everybody's orders, when it guesses that the seller has many. And there is one
 * comparison with where to begin: of two, an index is read from the earlier on.
 */
function scan(
  { after, limit }: OrdersQuery,
  { from, to }: { readonly from: RawBuilder<unknown>; readonly to: RawBuilder<unknown> },
  condition: RawBuilder<unknown> = sql`true`,
): RawBuilder<unknown> {
  const [text, id] = after?.split('_') ?? [];
  const createdAt = sql`${text}::timestamptz`;
  return sql`
      SELECT o.id, o.created_at
      FROM orders AS o
      WHERE (o.user_id, o.created_at)
          >= (seller.id, ${after ? sql`greatest(${from}, ${createdAt})` : from})
        AND (o.user_id, o.created_at) < (seller.id, ${to})
        ${after ? sql`AND (o.created_at <> ${createdAt} OR o.id > ${id}::bigint)` : sql``}
        AND ${condition}
      ORDER BY o.user_id, o.created_at, o.id
      LIMIT ${sql.lit(limit + 1)}`;
}
