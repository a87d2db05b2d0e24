import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { OrderFilter } from './order-filter.ts';
import { hasWords, wordForms } from './words.ts';

/** What a filter's texts mean in this database: by it the list's statement takes the shortest way. */
export interface Lookup {
  /** The seller that the filter names; `null` when there is no such seller. */
  readonly seller: { readonly id: number; readonly username: string } | null | undefined;
  /**
   * Whether so few orders have the filter's status that looking at one order after the other would not
   * find them. Known from PostgreSQL's statistics; where there are none yet, the table is small.
   */
  readonly statusIsRare: boolean;
  /** The sellers whose name begins with `q`; the first 10. */
  readonly sellersOfQ: readonly number[];
  /** Orders whose number begins with `q`, and with items of its words; `many` where one need not look long. */
  readonly ordersByNumber: FoundIds;
  readonly ordersByWords: FoundIds;
}

/** The ids of orders, divided by commas; `null` for none. */
export type FoundIds = string | null | 'many';

/** Of all orders. Of a rarer status, a page would have to walk past more than 10,000 others. */
const RARE = 0.005;

/** What more orders than these have is soon met when looking at one order after the other. */
const MANY = 8_000;

/** Of the newest orders, so many are looked at first; where as many have the words, many orders have them. */
const SAMPLE = { orders: 1_000, hits: 8 };

/** Asks for nothing where nothing is to be known; otherwise one call. */
export async function lookUp(db: Kysely<Database>, filter: OrderFilter): Promise<Lookup> {
  const { q, seller, status } = filter;
  if (!q && !seller && !status) return NOTHING;
  const row = await db
    .selectNoFrom([
      seller ? sellerNamed(seller).as('seller') : nothing.as('seller'),
      status ? isRare(status).as('status_is_rare') : sql<boolean>`false`.as('status_is_rare'),
      q ? sellersBeginning(q).as('sellers_of_q') : nothing.as('sellers_of_q'),
      q ? idsOf(numbersBeginning(q)).as('by_number') : nothing.as('by_number'),
      q ? ordersWithWords(q, filter).as('by_words') : nothing.as('by_words'),
    ])
    .executeTakeFirstOrThrow();
  return {
    seller: seller ? (JSON.parse(row.seller ?? 'null') as Lookup['seller']) : undefined,
    statusIsRare: row.status_is_rare,
    sellersOfQ: JSON.parse(row.sellers_of_q ?? '[]') as number[],
    ordersByNumber: row.by_number,
    ordersByWords: row.by_words,
  };
}

const NOTHING: Lookup = {
  seller: undefined,
  statusIsRare: false,
  sellersOfQ: [],
  ordersByNumber: null,
  ordersByWords: null,
};
const nothing = sql<string | null>`NULL::text`;
const LOWER_NAME = sql`(lower(username COLLATE pg_c_utf8) COLLATE "C")`;

/** In any case, but rather in the case as typed. */
function sellerNamed(name: string): RawBuilder<string | null> {
  return sql`(
    SELECT json_build_object('id', id, 'username', username)::text FROM users
    WHERE id = (${sellerIdNamed(name)})
  )`;
}

function sellerIdNamed(name: string): RawBuilder<unknown> {
  return sql`
    SELECT id FROM users WHERE ${LOWER_NAME} = lower(${name} COLLATE pg_c_utf8) COLLATE "C"
    ORDER BY username <> ${name} LIMIT 1`;
}

function isRare(status: string): RawBuilder<boolean> {
  return sql`coalesce((
    SELECT most_common_vals IS NOT NULL AND coalesce(
      most_common_freqs[array_position(most_common_vals::text::text[], ${status}::text)], 0
    ) < ${sql.lit(RARE)}
    FROM pg_stats WHERE schemaname = 'public' AND tablename = 'orders' AND attname = 'status'
  ), false)`;
}

function sellersBeginning(q: string): RawBuilder<string | null> {
  return sql`(
    SELECT json_agg(id)::text FROM (
      SELECT id FROM users WHERE ${beginsWith(LOWER_NAME, q.toLowerCase())}
      ORDER BY ${LOWER_NAME} LIMIT 10
    ) AS beginning
  )`;
}

/** Looked for as typed, in capitals, and in small letters: an index by code point knows no case. */
function numbersBeginning(q: string): RawBuilder<unknown> {
  const ways = casesOf(q).map(
    (text) => sql`(
      SELECT id FROM orders WHERE ${beginsWith(sql`order_number`, text)} LIMIT ${sql.lit(MANY + 1)}
    )`,
  );
  return sql.join(ways, sql` UNION ALL `);
}

/**
 * A word that many have is found by looking at some orders of the filter's seller and dates: the index
 * would gather all of the many before it could stop.
 */
function ordersWithWords(q: string, { seller, from, to }: OrderFilter): RawBuilder<FoundIds> {
  const words = wordForms(q);
  if (words.length === 0) return sql`NULL::text`;
  const conditions = [
    sql`true`,
    ...(seller ? [sql`user_id = (${sellerIdNamed(seller)})`] : []),
    ...(from ? [sql`created_at >= ${`${from}T00:00:00Z`}::timestamptz`] : []),
    ...(to ? [sql`created_at < ${`${to}T00:00:00Z`}::timestamptz + interval '1 day'`] : []),
  ];
  const found = sql`
    SELECT id FROM orders_with_words(${JSON.stringify(words)}::jsonb, ${sql.lit(MANY + 1)}) AS id`;
  return sql`CASE WHEN (
      SELECT count(*) FROM (
        SELECT FROM (
          SELECT id FROM orders WHERE ${sql.join(conditions, sql` AND `)}
          ORDER BY created_at DESC, id DESC LIMIT ${sql.lit(SAMPLE.orders)}
        ) AS o
        WHERE (SELECT true FROM order_items AS i WHERE i.order_id = o.id AND ${hasWords(words)} LIMIT 1)
        LIMIT ${sql.lit(SAMPLE.hits)}
      ) AS hits
    ) = ${sql.lit(SAMPLE.hits)} THEN 'many' ELSE ${idsOf(found)} END`;
}

function idsOf(orders: RawBuilder<unknown>): RawBuilder<FoundIds> {
  return sql`(
    SELECT CASE WHEN count(*) > ${sql.lit(MANY)} THEN 'many' ELSE string_agg(id::text, ',') END
    FROM (${orders}) AS found
  )`;
}

export function casesOf(text: string): string[] {
  return [...new Set([text, text.toUpperCase(), text.toLowerCase()])];
}

/** By code point: the last character sorts after every text that could follow. */
function beginsWith(column: RawBuilder<unknown>, text: string): RawBuilder<boolean> {
  return sql`(${column} >= ${text} AND ${column} < ${`${text}\u{10ffff}`})`;
}
