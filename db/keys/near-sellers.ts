import { type Kysely, sql } from 'kysely';
import leven from 'leven';
import type { Database } from '../schema.ts';

const MAX_SHOWN = 5;
const MAX_LOOKED_AT = 1_000;

/** How many letters at either end tell how alike two names are. */
const ENDS = [4, 6, 8, 11, 15, 20, 30];

/**
 * Sellers whose names a person may have meant: those that begin or end alike, of nearly the same
 * letters. The nearest first. Where very many begin or end alike, the most alike are looked at.
 */
export async function listNearSellers(db: Kysely<Database>, typed: string): Promise<string[]> {
  const likeness = ENDS.map(
    (length) => sql`(left(u.name, ${sql.lit(length)}) = left(t.name, ${sql.lit(length)}))::integer
      + (right(u.name, ${sql.lit(length)}) = right(t.name, ${sql.lit(length)}))::integer`,
  );
  const { rows } = await sql<{ username: string }>`
    SELECT username
    FROM (SELECT id, username, lower(username COLLATE pg_c_utf8) AS name FROM users) AS u,
      (SELECT lower(${typed} COLLATE pg_c_utf8) AS name) AS t
    WHERE abs(char_length(u.name) - char_length(t.name)) <= ${sql.lit(MAX_APART)}
      AND (left(u.name, 2) = left(t.name, 2) OR right(u.name, 3) = right(t.name, 3))
    ORDER BY ${sql.join(likeness, sql` + `)} DESC, id LIMIT ${sql.lit(MAX_LOOKED_AT)}`.execute(db);
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
