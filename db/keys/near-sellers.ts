import { type Kysely, sql } from 'kysely';
import leven from 'leven';
import type { Database } from '../schema.ts';

const MAX_SHOWN = 5;
const MAX_LOOKED_AT = 1_000;

/**
 * Sellers whose names a person may have meant: those that begin or end alike, of nearly the same
 * letters. The nearest first.
 */
export async function listNearSellers(db: Kysely<Database>, typed: string): Promise<string[]> {
  const lower = sql`lower(${typed} COLLATE pg_c_utf8)`;
  const { rows } = await sql<{ username: string }>`
    SELECT username FROM users
    WHERE abs(char_length(username) - char_length(${typed})) <= ${sql.lit(MAX_APART)}
      AND (left(lower(username COLLATE pg_c_utf8), 2) = left(${lower}, 2)
        OR right(lower(username COLLATE pg_c_utf8), 3) = right(${lower}, 3))
    ORDER BY id LIMIT ${sql.lit(MAX_LOOKED_AT)}`.execute(db);
  return rows
    .map(({ username }) => ({ username, distance: distanceOf(username, typed) }))
    .filter(({ distance }) => distance <= Math.max(1, typed.length / 4))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MAX_SHOWN)
    .map(({ username }) => username);
}

/** No name that differs in more characters is near: the longest has 50. */
const MAX_APART = 12;

/** How many letters or digits must be changed; case and what parts words do not count. */
function distanceOf(one: string, other: string): number {
  return leven(lettersOf(one), lettersOf(other));
}

const lettersOf = (name: string) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
