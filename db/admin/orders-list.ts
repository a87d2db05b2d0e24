import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { type ListedOrder, listedOrder } from './listed-order.ts';
import type { Lookup } from './lookup.ts';
import {
  END_KEYS,
  isDescending,
  type OrderFilter,
  type OrderSort,
  type PageStart,
  sortColumn,
} from './order-filter.ts';

/** An order as a part of a list. */
export interface PlacedOrder extends ListedOrder {
  /** Its place under the sort, for `PageStart`. */
  key: string;
}

export interface OrdersQuery {
  readonly filter: OrderFilter;
  /** Of the same filter. */
  readonly lookup: Lookup;
  readonly sort: OrderSort;
  /** @default the first page */
  readonly start?: PageStart | undefined;
  readonly limit: number;
}

export interface OrdersPage {
  /** In the order of the sort. */
  readonly orders: readonly PlacedOrder[];
  /** Whether there are orders before the first and after the last of these. */
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  /**
   * The place to which orders were looked at, where so many were that the rest is left for another
   * page. It begins there.
   */
  readonly lookedTo?: string;
}

/**
 * So many orders are looked at for a page, one after the other, to find what a search asks for.
 * Looking at one's items takes some 20 µs.
 */
export const LOOKED_AT = 3_500;

/** One page of the orders that a filter lets through. */
export async function listOrders(db: Kysely<Database>, query: OrdersQuery): Promise<OrdersPage> {
  const { limit, start } = query;
  const backwards = start?.side === 'before';
  const rows =
    query.lookup.seller === null ? [] : (await listOrdersStatement(query).execute(db)).rows;
  const found = rows.filter(({ key }) => key !== null);
  const orders = found.slice(0, limit);
  const isFull = found.length > limit;
  const lookedTo = (!isFull && rows.at(0)?.looked_to) || undefined;
  const more = isFull || lookedTo !== undefined;
  if (backwards) orders.reverse();
  return {
    orders,
    hasPrevious: backwards ? more : start !== undefined,
    hasNext: backwards ? start.key !== END_KEYS[query.sort] : more,
    ...(lookedTo !== undefined && { lookedTo }),
  };
}

/** An order of the page, or where there is none a row without one. */
type PageRow = PlacedOrder & { looked_to: string | null };

/**
 * The statement: first the ids of the page and one more, then what is shown of them. Going back,
 * the orders come in the opposite order.
 */
export function listOrdersStatement(query: OrdersQuery): RawBuilder<PageRow> {
  const { key, direction } = scanOf(query);
  const walked = walkedFor(query);
  return sql<PageRow>`
WITH ${walked ? walkCtes(query, walked) : sql``}
page AS MATERIALIZED (${pageIds(query, walked !== undefined)})
SELECT
  ${listedOrder(sql`u.username`)},
  ${keyText(query, key, sql`o.id`)} AS key,
  ${walked ? sql`(SELECT ${keyText(query, sql`key`, sql`id`)} FROM looked_to)` : sql`NULL::text`} AS looked_to
FROM (VALUES (1)) AS one
${walked ? sql`LEFT` : sql``} JOIN page ON true
${walked ? sql`LEFT` : sql``} JOIN orders AS o ON o.id = page.id
${walked ? sql`LEFT` : sql``} JOIN users AS u ON u.id = o.user_id
ORDER BY ${key} ${direction}, o.id ${direction}`;
}

function keyText({ sort }: OrdersQuery, key: RawBuilder<unknown>, id: RawBuilder<unknown>) {
  const text =
    sortColumn(sort) === 'total_amount'
      ? key
      : sql`to_char(${key} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  return sql`${text} || '_' || ${id}`;
}

function pageIds(query: OrdersQuery, isWalked: boolean): RawBuilder<unknown> {
  const { filter, lookup, limit } = query;
  if (!filter.q) return lookup.statusIsRare ? rareStatusScan(query) : scan(query, sql`true`);

  // Each way to find the text has its own plan, and finds no more than the page needs.
  const ways = waysToFind(lookup).map((condition) => scan(query, condition));
  const many = conditionOfMany(filter.q, lookup);
  if (isWalked) ways.push(sql`SELECT id, key FROM walked`);
  else if (many) ways.push(rareStatusScan(query, many));
  const { direction, isAscending } = scanOf(query);
  const isLookedAt = sql`(
      NOT EXISTS (SELECT FROM looked_to)
      OR (key, id) ${isAscending ? sql`<=` : sql`>=`} (SELECT key, id FROM looked_to)
    )`;
  return sql`
    SELECT id, key FROM (${sql.join(
      ways.map((way) => sql`(${way})`),
      sql` UNION `,
    )}) AS found
    WHERE ${isWalked ? isLookedAt : sql`true`}
    ORDER BY key ${direction}, id ${direction} LIMIT ${sql.lit(limit + 1)}`;
}

/** What is looked for on one order after the other, if anything. */
function walkedFor({ filter: { q }, lookup }: OrdersQuery): RawBuilder<unknown> | undefined {
  return q && !lookup.statusIsRare ? conditionOfMany(q, lookup) : undefined;
}

/**
 * Walks by the sort until the page is full, or as many orders were looked at as a page may take
 * time for; then also where that was.
 */
function walkCtes(query: OrdersQuery, condition: RawBuilder<unknown>): RawBuilder<unknown> {
  const { key, direction } = scanOf(query);
  const looked = (limit: number, offset = 0) => sql`
    SELECT o.id, ${key} AS key, o.order_number FROM orders AS o
    WHERE ${sql.join(conditions(query), sql` AND `)}
    ORDER BY ${key} ${direction}, o.id ${direction} LIMIT ${sql.lit(limit)} OFFSET ${sql.lit(offset)}`;
  return sql`
walked AS MATERIALIZED (
  SELECT o.id, o.key FROM (${looked(LOOKED_AT)}) AS o WHERE ${condition}
  ORDER BY o.key ${direction}, o.id ${direction} LIMIT ${sql.lit(query.limit + 1)}
),
looked_to AS MATERIALIZED (
  SELECT id, key FROM (${looked(1, LOOKED_AT - 1)}) AS o
  WHERE (SELECT count(*) FROM walked) <= ${sql.lit(query.limit)}
),`;
}

/** Few orders are named by their ids, those of found sellers by these. */
function waysToFind(lookup: Lookup): RawBuilder<unknown>[] {
  const { sellersOfQ, ordersByNumber, ordersByPart, ordersByWords } = lookup;
  const few = [ordersByNumber, ordersByPart.ids, ordersByWords.ids]
    .filter((ids) => ids && ids !== 'many')
    .join(',');
  const ways = [sql`o.id = ANY(string_to_array(${few || '0'}, ',')::bigint[])`];
  if (sellersOfQ.length > 0) {
    ways.push(sql`o.user_id IN (${sql.join(sellersOfQ.map((id) => sql.lit(id)))})`);
  }
  return ways;
}

/**
 * What many have is tried on one order after the other, in a form that no index answers:
 * PostgreSQL would else read all of the many before it sorts them.
 */
function conditionOfMany(q: string, lookup: Lookup): RawBuilder<unknown> | undefined {
  const { search, ordersByNumber, ordersByWords } = lookup;
  const phrases = sql`${search.phrases}::text[]`;
  const either: RawBuilder<unknown>[] = [];
  if (ordersByNumber === 'many') {
    either.push(
      sql`begins_or_has(o.order_number, ${search.beginning}, ${phrases})`,
      sql`starts_with(o.order_number, ${q})`,
    );
  }
  if (ordersByWords.ids === 'many') {
    either.push(sql`(
      SELECT true FROM order_items AS i
      WHERE i.order_id = o.id AND has_beginnings(i.sku || ' ' || i.name, ${phrases}) LIMIT 1
    )`);
  }
  return either.length > 0 ? sql`(${sql.join(either, sql` OR `)})` : undefined;
}

/** The ids of the page's orders for which a condition holds. */
function scan(query: OrdersQuery, condition: RawBuilder<unknown>): RawBuilder<unknown> {
  const { key, direction } = scanOf(query);
  return sql`
    SELECT o.id, ${key} AS key FROM orders AS o
    WHERE ${sql.join([condition, ...conditions(query)], sql` AND `)}
    ORDER BY ${key} ${direction}, o.id ${direction} LIMIT ${sql.lit(query.limit + 1)}`;
}

/**
 * The same for a rare status, by way of the roll-up: it knows on which days a seller has such
 * orders. By creation, as many of its rows as the page has orders are enough, with all of the last
 * one's day.
 */
function rareStatusScan(query: OrdersQuery, condition?: RawBuilder<unknown>): RawBuilder<unknown> {
  const { filter, lookup, sort, start, limit } = query;
  const { key, direction, isAscending } = scanOf(query);
  const days = sql.join(
    [
      hasStatus(sql`status`, lookup),
      sql`orders_count > 0`,
      ...(lookup.seller ? [sql`user_id = ${sql.lit(lookup.seller.id)}`] : []),
      ...(filter.firstDay ? [sql`day >= ${filter.firstDay}::date`] : []),
      ...(filter.lastDay ? [sql`day <= ${filter.lastDay}::date`] : []),
    ],
    sql` AND `,
  );
  const first = start?.key.slice(0, start.key.indexOf('T'));
  const isEnough =
    sortColumn(sort) === 'created_at' &&
    !filter.min &&
    !filter.max &&
    !filter.changedSince &&
    !condition;
  // Of several statuses, each has a row for the day.
  const once = lookup.statuses.length > 1 ? sql`GROUP BY user_id, day` : sql``;
  const sellerDays = !isEnough
    ? sql`SELECT user_id, day FROM daily_order_stats WHERE ${days} ${once}`
    : sql`
      (SELECT user_id, day FROM daily_order_stats
       WHERE ${days} ${first ? sql`AND day ${isAscending ? sql`>` : sql`<`} ${first}::date` : sql``}
       ${once} ORDER BY day ${direction} FETCH FIRST ${sql.lit(limit + 1)} ROWS WITH TIES)
      ${first ? sql`UNION ALL SELECT user_id, day FROM daily_order_stats WHERE ${days} AND day = ${first}::date ${once}` : sql``}`;
  return sql`
    SELECT o.id, o.key
    FROM (${sellerDays}) AS d
    CROSS JOIN LATERAL (
      SELECT o.id, ${key} AS key FROM orders AS o
      WHERE o.user_id = d.user_id
        AND o.created_at >= d.day::timestamp AT TIME ZONE 'UTC'
        AND o.created_at < (d.day + 1)::timestamp AT TIME ZONE 'UTC'
        AND ${sql.join([...(condition ? [condition] : []), ...conditions(query)], sql` AND `)}
      OFFSET 0 -- one look into the index for each of a few days
    ) AS o
    ORDER BY o.key ${direction}, o.id ${direction} LIMIT ${sql.lit(limit + 1)}`;
}

/** By what and in which direction the index is read. */
function scanOf({ sort, start }: OrdersQuery) {
  const isAscending = isDescending(sort) === (start?.side === 'before');
  return {
    key: sql.ref(`o.${sortColumn(sort)}`),
    isAscending,
    direction: isAscending ? sql`ASC` : sql`DESC`,
  };
}

function hasStatus(column: RawBuilder<unknown>, { statuses }: Lookup): RawBuilder<unknown> {
  return sql`${column} IN (${sql.join(statuses)})`;
}

/** What holds for every order of the page, whatever `q` finds. */
function conditions(query: OrdersQuery): RawBuilder<unknown>[] {
  const { filter, lookup, start, sort } = query;
  const list: RawBuilder<unknown>[] = [];
  if (lookup.seller) list.push(sql`o.user_id = ${sql.lit(lookup.seller.id)}`);
  if (lookup.statuses.length > 0) list.push(hasStatus(sql`o.status`, lookup));
  if (filter.firstDay)
    list.push(sql`o.created_at >= ${`${filter.firstDay}T00:00:00Z`}::timestamptz`);
  if (filter.lastDay)
    list.push(sql`o.created_at < ${`${filter.lastDay}T00:00:00Z`}::timestamptz + interval '1 day'`);
  if (filter.changedSince)
    list.push(sql`o.last_changed_at >= ${`${filter.changedSince}T00:00:00Z`}::timestamptz`);
  if (filter.min) list.push(sql`o.total_amount >= ${filter.min}::numeric`);
  if (filter.max) list.push(sql`o.total_amount <= ${filter.max}::numeric`);
  if (start) {
    const { key, isAscending } = scanOf(query);
    const [value = '', id = ''] = start.key.split('_');
    const type = sortColumn(sort) === 'total_amount' ? sql`numeric` : sql`timestamptz`;
    const bound = sql`${value}::${type}`;
    const side = sql.raw(`${isAscending ? '>' : '<'}${start.side === 'from' ? '=' : ''}`);
    list.push(sql`(${key}, o.id) ${side} (${bound}, ${id}::bigint)`);
  }
  return list.length > 0 ? list : [sql`true`];
}
