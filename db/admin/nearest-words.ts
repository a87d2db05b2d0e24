import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { isInNumbers, MOST_WORDS, newestNumbers, typedWords } from './search.ts';
import { isSellerFoundBy, LOWER_NAME } from './sellers-found.ts';

/** What was searched for, and words that are there. */
export interface KnownWords {
  /** What was typed between spaces; whether some item, order number or seller's name has it. */
  readonly phrases: readonly { readonly phrase: string; readonly isThere: boolean }[];
  /** Words of the newest orders' items, and pairs of them as `t shirt`. */
  readonly words: readonly string[];
  /** Sellers whose names have what was searched for, one more than are told. */
  readonly sellers: readonly string[];
}

/** How many sellers are told. */
export const SELLERS_TOLD = 3;

/** Of so many of the newest orders. */
const SAMPLE_ORDERS = 1_000;

/** They fill half of the Data API's 1 MiB for a result, if each of their letters takes 4 bytes. */
const MAX_WORDS = 3_000;
const MAX_LENGTH = 40;

/** A pair is told where one of its words is as short as the `t` of `t-shirt`. */
const SHORT = 3;

/** What somebody may have meant who searched for something that nothing has. */
export async function findKnownWords(db: Kysely<Database>, q: string): Promise<KnownWords> {
  const { rows } = await findKnownWordsStatement(q).execute(db);
  return JSON.parse(rows[0]?.known ?? NOTHING) as KnownWords;
}

const NOTHING = '{"phrases": [], "words": [], "sellers": []}';

/** @returns a query whose `known` is JSON */
export function findKnownWordsStatement(q: string): RawBuilder<{ known: string }> {
  return sql`
    WITH newest AS MATERIALIZED (${newestNumbers({})}),
    typed AS MATERIALIZED (${typedOnes(q)}),
    lines AS MATERIALIZED (
      SELECT DISTINCT search_line(i.sku || ' ' || i.name) AS line
      FROM (
        SELECT id FROM orders ORDER BY created_at DESC, id DESC LIMIT ${sql.lit(SAMPLE_ORDERS)}
      ) AS o
      JOIN order_items AS i ON i.order_id = o.id
    ),
    placed AS MATERIALIZED (
      SELECT word, lead(word) OVER (PARTITION BY line ORDER BY place) AS next
      FROM lines, string_to_table(line, ' ') WITH ORDINALITY AS w (word, place)
    ),
    words AS (
      SELECT DISTINCT word FROM (
        SELECT word FROM placed
        UNION ALL
        SELECT word || ' ' || next FROM placed
        WHERE least(length(word), length(next)) <= ${sql.lit(SHORT)} AND next IS NOT NULL
      ) AS either
      WHERE length(word) <= ${sql.lit(MAX_LENGTH)}
      LIMIT ${sql.lit(MAX_WORDS)}
    )
    SELECT json_build_object(
      'phrases', (
        SELECT coalesce(json_agg(json_build_object('phrase', phrase, 'isThere', CASE
          WHEN EXISTS (SELECT FROM typed WHERE line = phrase AND is_there) THEN true
          WHEN cardinality(phrases) = 1 THEN false -- or it would not be asked
          WHEN EXISTS (SELECT FROM lines WHERE has_beginnings(line, ARRAY[phrase])) THEN true
          WHEN EXISTS (SELECT FROM orders_with_items(ARRAY[phrase], 1)) THEN true
          ELSE (
            SELECT ids IS NOT NULL OR is_part
            FROM orders_with_beginnings(ARRAY[phrase], (SELECT array_agg(line) FROM lines), 1)
          )
        END)), '[]')
        FROM search_phrases(${q}) AS phrases, unnest(phrases) AS phrase
      ),
      'words', (SELECT coalesce(json_agg(word), '[]') FROM words),
      'sellers', (
        SELECT coalesce(json_agg(username), '[]') FROM (
          SELECT username FROM users WHERE ${isSellerFoundBy(q)}
          ORDER BY ${LOWER_NAME} LIMIT ${sql.lit(SELLERS_TOLD + 1)}
        ) AS found
      )
    )::text AS known`;
}

/**
 * The `line` of each word as it was typed, and whether a seller or a number has it; a single one
 * would not be asked for if a number had it.
 */
function typedOnes(q: string): RawBuilder<unknown> {
  const words = typedWords(q).slice(0, MOST_WORDS);
  const rows = words.map((word) => {
    const ways = [
      sql`EXISTS (SELECT FROM users WHERE ${isSellerFoundBy(word)})`,
      ...(words.length > 1 ? [isInNumbers(word, sql`newest`)] : []),
    ];
    return sql`SELECT search_line(${word}) AS line, ${sql.join(ways, sql` OR `)} AS is_there`;
  });
  return sql.join(rows, sql` UNION ALL `);
}
