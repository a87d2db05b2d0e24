import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** A name as sellers are in order by it, and found by its beginning. */
export const lowerName = (name: RawBuilder<unknown>) =>
  sql`(lower(${name} COLLATE pg_c_utf8) COLLATE "C")`;

export const LOWER_NAME = lowerName(sql`username`);

/** Rather as typed, then in any case, then by the same words. */
export function sellerNamed(name: string): RawBuilder<string | null> {
  return sql`(
    SELECT json_build_object('id', id, 'username', username)::text FROM users
    WHERE id = (${sellerIdNamed(name)})
  )`;
}

/** The whole name of the seller who is meant by a name. */
export async function findSellerName(
  db: Kysely<Database>,
  name: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ username: string }>`
    SELECT username FROM users WHERE id = (${sellerIdNamed(name)})`.execute(db);
  return rows[0]?.username;
}

export function sellerIdNamed(name: string): RawBuilder<unknown> {
  const typed = lowerName(sql`${name}`);
  return sql`
    SELECT id FROM users
    WHERE username = ${name} OR ${LOWER_NAME} = ${typed}
      OR (search_words(username) @@ search_query(ARRAY[search_line(${name})])
        AND search_line(username) = search_line(${name}))
    ORDER BY username <> ${name}, ${LOWER_NAME} <> ${typed}, id LIMIT 1`;
}

/** Of so many sellers that a search finds by their names it looks at the orders. */
export const SELLERS_LOOKED_AT = 100;

/**
 * The ids of sellers who have orders and whose name begins with a text or has its words, as JSON:
 * one more than are looked at, where there are more.
 *
 * @param first whose name the filter has, who comes first
 */
export function sellersFound(q: string, first: string | undefined): RawBuilder<string | null> {
  const isOther = first ? sql`id IS DISTINCT FROM (${sellerIdNamed(first)}),` : sql``;
  return sql`(
    SELECT json_agg(id)::text FROM (
      SELECT id FROM users
      WHERE ${isSellerFoundBy(q)} AND (SELECT true FROM orders WHERE user_id = users.id LIMIT 1)
      ORDER BY ${isOther} ${LOWER_NAME} LIMIT ${sql.lit(SELLERS_LOOKED_AT + 1)}
    ) AS found
  )`;
}

/** Whether the name of a row of `users` begins with a text or has its words. */
export function isSellerFoundBy(q: string): RawBuilder<boolean> {
  return sql`(
    ${beginsWith(LOWER_NAME, lowerName(sql`${q}`))}
    OR (search_words(username) @@ search_query(search_phrases(${q}))
      AND has_phrases(username, search_phrases(${q})))
    OR (search_words(username) @@ (search_query(ARRAY[search_line(${q})])::text || ':*')::tsquery
      AND starts_with(search_line(username), search_line(${q})))
  )`;
}

/** By code point: the last character sorts after every text that could follow. */
export function beginsWith(
  column: RawBuilder<unknown>,
  text: RawBuilder<unknown>,
): RawBuilder<boolean> {
  return sql`(${column} >= ${text} AND ${column} < (${text}) || ${'\u{10ffff}'})`;
}
