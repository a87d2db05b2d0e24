import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { OrderFilter } from './order-filter.ts';
import { type FoundStatuses, statusesNamed } from './statuses.ts';

/**
 * What a filter's texts mean in this database: by it the list's statement takes the shortest way.
 */
export interface Lookup {
  /** The seller that the filter names; `null` when there is no such seller. */
  readonly seller: { readonly id: number; readonly username: string } | null | undefined;
  /** The filter's statuses as orders have them; none where it names none. */
  readonly statuses: readonly string[];
  /** Whether few orders have one of them. */
  readonly statusIsRare: boolean;
  /** What the database makes of `q`; empty without it. */
  readonly search: Search;
  /** The sellers whose name begins with `q`, or has its words; the first 10. */
  readonly sellersOfQ: readonly number[];
  /**
   * Orders whose number begins with `q` or has its words, and with items of its words; `many` where
   * one need not look long.
   */
  readonly ordersByNumber: FoundIds;
  readonly ordersByWords: FoundIds;
}

/**
 * A text to be found, as `search_text` in the database leaves it: its words in folded case, and
 * nothing of what parts them.
 */
export interface Search {
  /** The whole of it. */
  readonly beginning: string;
  /**
   * What was typed between spaces, each one or several words side by side: a PostgreSQL array as
   * text.
   */
  readonly phrases: string;
}

/** The ids of orders, divided by commas; `null` for none. */
export type FoundIds = string | null | 'many';

/** What more orders than these have is soon met when looking at one order after the other. */
const MANY = 8_000;

/**
 * Of the newest orders, so many are looked at first; where as many have the words, many orders have
 * them.
 */
const SAMPLE = { orders: 1_000, hits: 8 };

/** Asks for nothing where nothing is to be known; otherwise one call. */
export async function lookUp(db: Kysely<Database>, filter: OrderFilter): Promise<Lookup> {
  const { q, seller, statuses } = filter;
  if (!q && !seller && !statuses) return NOTHING;
  const row = await db
    .selectNoFrom([
      seller ? sellerNamed(seller).as('seller') : nothing.as('seller'),
      statuses ? statusesNamed(statuses).as('statuses') : nothing.as('statuses'),
      q ? sql<string>`search_line(${q})`.as('beginning') : nothing.as('beginning'),
      q ? sql<string>`search_phrases(${q})::text`.as('phrases') : nothing.as('phrases'),
      q ? sellersFound(q).as('sellers_of_q') : nothing.as('sellers_of_q'),
      q ? ordersWithNumber(q, filter).as('by_number') : nothing.as('by_number'),
      q ? ordersWithItems(q, filter).as('by_words') : nothing.as('by_words'),
    ])
    .executeTakeFirstOrThrow();
  const named = JSON.parse(row.statuses ?? 'null') as FoundStatuses | null;
  return {
    seller: seller ? (JSON.parse(row.seller ?? 'null') as Lookup['seller']) : undefined,
    statuses: named?.statuses ?? [],
    statusIsRare: named?.isRare ?? false,
    search: { beginning: row.beginning ?? '', phrases: row.phrases ?? '{}' },
    sellersOfQ: JSON.parse(row.sellers_of_q ?? '[]') as number[],
    ordersByNumber: row.by_number,
    ordersByWords: row.by_words,
  };
}

const NOTHING: Lookup = {
  seller: undefined,
  statuses: [],
  statusIsRare: false,
  search: { beginning: '', phrases: '{}' },
  sellersOfQ: [],
  ordersByNumber: null,
  ordersByWords: null,
};
const nothing = sql<string | null>`NULL::text`;
/** By which sellers are in order. */
export const LOWER_NAME = sql`(lower(username COLLATE pg_c_utf8) COLLATE "C")`;

/** Rather as typed, then in any case, then by the same words. */
function sellerNamed(name: string): RawBuilder<string | null> {
  return sql`(
    SELECT json_build_object('id', id, 'username', username)::text FROM users
    WHERE id = (${sellerIdNamed(name)})
  )`;
}

function sellerIdNamed(name: string): RawBuilder<unknown> {
  const lowerName = sql`lower(${name} COLLATE pg_c_utf8) COLLATE "C"`;
  return sql`
    SELECT id FROM users
    WHERE username = ${name} OR ${LOWER_NAME} = ${lowerName}
      OR (search_words(username) @@ search_query(ARRAY[search_line(${name})])
        AND search_line(username) = search_line(${name}))
    ORDER BY username <> ${name}, ${LOWER_NAME} <> ${lowerName}, id LIMIT 1`;
}

function sellersFound(q: string): RawBuilder<string | null> {
  return sql`(
    SELECT json_agg(id)::text FROM (
      SELECT id FROM users WHERE ${isSellerFoundBy(q)} ORDER BY ${LOWER_NAME} LIMIT 10
    ) AS found
  )`;
}

/** Whether the name of a row of `users` begins with a text or has its words. */
export function isSellerFoundBy(q: string): RawBuilder<boolean> {
  const lower = sql`lower(${q} COLLATE pg_c_utf8) COLLATE "C"`;
  return sql`(
    ${beginsWith(LOWER_NAME, lower)}
    OR (search_words(username) @@ search_query(search_phrases(${q}))
      AND has_phrases(username, search_phrases(${q})))
    OR (search_words(username) @@ (search_query(ARRAY[search_line(${q})])::text || ':*')::tsquery
      AND starts_with(search_line(username), search_line(${q})))
  )`;
}

/**
 * By its beginning as typed, in capitals and in small letters, which the index by code point knows;
 * and by its words.
 */
function ordersWithNumber(q: string, filter: OrderFilter): RawBuilder<FoundIds> {
  const beginning = (columns: RawBuilder<unknown>) =>
    sql.join(
      casesOf(q).map(
        (text) => sql`(
          SELECT ${columns} FROM orders WHERE ${beginsWith(sql`order_number`, sql`${text}`)} LIMIT ${sql.lit(MANY + 1)}
        )`,
      ),
      sql` UNION ALL `,
    );
  const matches = sql`begins_or_has(o.order_number, search.beginning, search.phrases)`;
  return sql`CASE
    WHEN ${manyOfSample(q, filter, matches)} THEN 'many'
    WHEN (SELECT count(*) FROM (${beginning(sql`order_number`)}) AS found) > ${sql.lit(MANY)} THEN 'many'
    ELSE ${idsOf(sql`
      ${beginning(sql`id`)} UNION ALL SELECT id FROM orders_with_number(${q}, ${sql.lit(MANY + 1)}) AS id`)}
  END`;
}

function ordersWithItems(q: string, filter: OrderFilter): RawBuilder<FoundIds> {
  const matches = sql`(
    SELECT true FROM order_items AS i
    WHERE i.order_id = o.id AND has_phrases(i.sku || ' ' || i.name, search.phrases) LIMIT 1
  )`;
  const found = sql`
    SELECT id FROM orders_with_items(search_phrases(${q}), ${sql.lit(MANY + 1)}) AS id`;
  return sql`CASE WHEN ${manyOfSample(q, filter, matches)} THEN 'many' ELSE ${idsOf(found)} END`;
}

/**
 * Whether many orders have something, which is found by looking at some of the filter's seller and
 * dates: an index would gather all of the many before it could stop.
 */
function manyOfSample(
  q: string,
  { seller, firstDay, lastDay }: OrderFilter,
  matches: RawBuilder<unknown>,
): RawBuilder<boolean> {
  const conditions = [
    sql`true`,
    ...(seller ? [sql`user_id = (${sellerIdNamed(seller)})`] : []),
    ...(firstDay ? [sql`created_at >= ${`${firstDay}T00:00:00Z`}::timestamptz`] : []),
    ...(lastDay
      ? [sql`created_at < ${`${lastDay}T00:00:00Z`}::timestamptz + interval '1 day'`]
      : []),
  ];
  return sql`(
    SELECT count(*) = ${sql.lit(SAMPLE.hits)} FROM (
      SELECT FROM (
        SELECT id, order_number FROM orders WHERE ${sql.join(conditions, sql` AND `)}
        ORDER BY created_at DESC, id DESC LIMIT ${sql.lit(SAMPLE.orders)}
      ) AS o
      CROSS JOIN (
        SELECT search_line(${q}) AS beginning, search_phrases(${q}) AS phrases OFFSET 0 -- once, not for each
      ) AS search
      WHERE ${matches}
      LIMIT ${sql.lit(SAMPLE.hits)}
    ) AS hits
  )`;
}

function idsOf(orders: RawBuilder<unknown>): RawBuilder<FoundIds> {
  return sql`(
    SELECT CASE WHEN count(*) > ${sql.lit(MANY)} THEN 'many' ELSE string_agg(id::text, ',') END
    FROM (${orders}) AS found
  )`;
}

function casesOf(text: string): string[] {
  return [...new Set([text, text.toUpperCase(), text.toLowerCase()])];
}

/** By code point: the last character sorts after every text that could follow. */
function beginsWith(column: RawBuilder<unknown>, text: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`(${column} >= ${text} AND ${column} < (${text}) || ${'\u{10ffff}'})`;
}
