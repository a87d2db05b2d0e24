import { type RawBuilder, sql } from 'kysely';
import type { OrderFilter } from './order-filter.ts';
import { beginsWith, sellerIdNamed } from './sellers-found.ts';

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

/** The ids of orders, divided by commas; `null` for none, `many` where one need not look long. */
export type FoundIds = string | null | 'many';

/** What more orders than these have is soon met when looking at one order after the other. */
const MANY = 8_000;

/**
 * Of the newest orders, so many are looked at first; where as many have the words, many orders have
 * them.
 */
const SAMPLE = { orders: 1_000, hits: 8 };

/** What was found by looking at some of what may have it. */
export interface PartlyFound {
  readonly ids: FoundIds;
  /** Whether there is more that was not looked at. */
  readonly isPart: boolean;
}

/**
 * By its beginning as typed, in capitals and in small letters, which the index by code point knows;
 * and by its words.
 */
export function ordersWithNumber(q: string, filter: OrderFilter): RawBuilder<FoundIds> {
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

/** Orders with an item in which each phrase begins a word; `PartlyFound` as JSON. */
export function ordersWithItems(q: string, filter: OrderFilter): RawBuilder<string> {
  const matches = sql`(
    SELECT true FROM order_items AS i
    WHERE i.order_id = o.id AND has_beginnings(i.sku || ' ' || i.name, search.phrases) LIMIT 1
  )`;
  return sql`CASE WHEN ${manyOfSample(q, filter, matches)} THEN '{"ids": "many", "isPart": false}' ELSE (
    SELECT json_build_object('ids', ids, 'isPart', is_part)::text
    FROM orders_with_beginnings(search_phrases(${q}), ${SAMPLE_LINES}, ${sql.lit(MANY + 1)})
  ) END`;
}

/** The items of the newest orders, which show what words are everywhere. */
const SAMPLE_LINES = sql`(
  SELECT coalesce(array_agg(search_line(i.sku || ' ' || i.name)), '{}')
  FROM (SELECT id FROM orders ORDER BY created_at DESC, id DESC LIMIT 300) AS o
  JOIN order_items AS i ON i.order_id = o.id
)`;

/** In so many of the newest orders numbers are looked through from end to end. */
export const NUMBERS_LOOKED_AT = 20_000;

/**
 * Of the newest orders those whose number has the text anywhere, as `PartlyFound` in JSON: no index
 * knows the ends of numbers, or digits in the midst of them. Only texts with a digit are tried.
 */
export function ordersWithPart(q: string, filter: OrderFilter): RawBuilder<string> {
  if (!mayBePart(q)) return sql`'{"ids": null, "isPart": false}'`;
  return sql`(
    WITH newest AS MATERIALIZED (${newestNumbers(filter)})
    SELECT json_build_object(
      'ids', (
        SELECT string_agg(id::text, ',') FROM (SELECT id FROM newest WHERE ${hasPart(q)}) AS found
      ),
      'isPart', (SELECT count(*) FROM newest) = ${sql.lit(NUMBERS_LOOKED_AT)}
    )::text
  )`;
}

/**
 * Whether some order's number is found by a text: by an index, or among the newest.
 *
 * @param newest a table of `newestNumbers`
 */
export function isInNumbers(text: string, newest: RawBuilder<unknown>): RawBuilder<boolean> {
  const ways = [
    ...casesOf(text).map(
      (each) => sql`SELECT FROM orders WHERE ${beginsWith(sql`order_number`, sql`${each}`)}`,
    ),
    sql`SELECT FROM orders_with_number(${text}, 1)`,
    ...(mayBePart(text) ? [sql`SELECT FROM ${newest} WHERE ${hasPart(text)}`] : []),
  ].map((way) => sql`EXISTS (${way})`);
  return sql`(${sql.join(ways, sql` OR `)})`;
}

/** The `id` and `order_number` of those that are looked through from end to end. */
export function newestNumbers(filter: OrderFilter): RawBuilder<unknown> {
  return sql`
    SELECT id, order_number FROM orders WHERE ${inPeriod(filter)}
    ORDER BY created_at DESC, id DESC LIMIT ${sql.lit(NUMBERS_LOOKED_AT)}`;
}

export const mayBePart = (text: string): boolean => /\p{Nd}/u.test(text) && text.length >= 3;

function hasPart(text: string): RawBuilder<boolean> {
  const folded = (either: RawBuilder<unknown>) =>
    sql`replace(lower(${either} COLLATE pg_c_utf8), 'ё', 'е')`;
  return sql`(strpos(${folded(sql`order_number`)}, ${folded(sql`${text}`)}) > 0)`;
}

/** As `search_phrases` in the database has it. */
export const MOST_WORDS = 8;

/** What was typed between spaces; of what has letters or digits, only that. */
export function typedWords(q: string): string[] {
  const typed = q.split(/\s+/).filter(Boolean);
  const words = typed.filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words.length > 0 ? words : typed;
}

/**
 * Whether many orders have something, which is found by looking at some of the filter's seller and
 * dates: an index would gather all of the many before it could stop.
 */
function manyOfSample(
  q: string,
  filter: OrderFilter,
  matches: RawBuilder<unknown>,
): RawBuilder<boolean> {
  return sql`(
    SELECT count(*) = ${sql.lit(SAMPLE.hits)} FROM (
      SELECT FROM (
        SELECT id, order_number FROM orders WHERE ${inPeriod(filter)}
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

/** Which orders are of the filter's seller and dates. */
function inPeriod({ seller, firstDay, lastDay }: OrderFilter): RawBuilder<boolean> {
  const conditions = [
    sql`true`,
    ...(seller ? [sql`user_id = (${sellerIdNamed(seller)})`] : []),
    ...(firstDay ? [sql`created_at >= ${`${firstDay}T00:00:00Z`}::timestamptz`] : []),
    ...(lastDay
      ? [sql`created_at < ${`${lastDay}T00:00:00Z`}::timestamptz + interval '1 day'`]
      : []),
  ];
  return sql`(${sql.join(conditions, sql` AND `)})`;
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
