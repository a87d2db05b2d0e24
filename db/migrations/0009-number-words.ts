import { type Kysely, sql } from 'kysely';

// The words of order numbers, at less cost to an upload: each was two or three entries that nothing shares
// in a GIN index, put in their places one by one. Most numbers are up to three words in one case with
// hyphens between them. Of those the first word is the beginning of the number, which the index by code
// point knows; the others have a B-tree each.

const upTo = (hyphens: string) =>
  `^(?:[0-9A-Z]+(?:-[0-9A-Z]+){${hyphens}}|[0-9a-z]+(?:-[0-9a-z]+){${hyphens}})$`;
const PLAIN = upTo('0,2');
const OF_MORE_WORDS = upTo('1,2');
const OF_THREE_WORDS = `split_part(order_number, '-', 3) <> '' AND order_number ~ '${upTo('2')}'`;

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await sql`DROP INDEX orders_number_search_idx`.execute(db);
  await sql`
    CREATE INDEX orders_number_search_idx ON orders USING gin (search_words(order_number))
    WITH (fastupdate = on, gin_pending_list_limit = 8192)
    WHERE order_number !~ ${sql.lit(PLAIN)}
  `.execute(db);
  await sql`
    CREATE INDEX orders_number_last_word_idx ON orders (split_part(order_number, '-', -1))
    WHERE order_number ~ ${sql.lit(OF_MORE_WORDS)}
  `.execute(db);
  await sql`
    CREATE INDEX orders_number_middle_word_idx ON orders (split_part(order_number, '-', 2))
    WHERE ${sql.raw(OF_THREE_WORDS)}
  `.execute(db);

  // Of the words asked for, one is the last of a plain number, or the only one is its first or middle one,
  // or both are its first two. By whichever an order is found, begins_or_has looks at the whole. What begins
  // a plain number, as marks and case were typed, is there with hyphens in either case.
  await sql`
    CREATE OR REPLACE FUNCTION orders_with_number(typed text, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    DECLARE
      phrases CONSTANT text[] := public.search_phrases(typed);
      beginning CONSTANT text := public.search_line(typed);
      small CONSTANT text[] := ARRAY(
        SELECT DISTINCT word FROM unnest(phrases) AS phrase, string_to_table(phrase, ' ') AS word
      );
      words CONSTANT text[] := small || upper(small::text)::text[];
      beginnings CONSTANT text[] := CASE cardinality(small)
        WHEN 1 THEN ARRAY[small[1] || '-']
        WHEN 2 THEN ARRAY[small[1] || '-' || small[2] || '-', small[2] || '-' || small[1] || '-']
        ELSE '{}'
      END || nullif(replace(beginning, ' ', '-'), '');
      plain text;
    BEGIN
      SELECT string_agg(
        format('order_number >= %1$L AND order_number < %1$L || U&''\\+10FFFF''', cased), ' OR '
      )
      INTO plain
      FROM unnest(beginnings) AS canonical, LATERAL (VALUES (canonical), (upper(canonical))) AS v (cased)
      WHERE canonical IS NOT NULL;
      IF plain IS NULL THEN RETURN; END IF; -- nothing that is seen was typed
      RETURN QUERY EXECUTE format(
        'SELECT id FROM public.orders
         WHERE (order_number !~ ' || quote_literal(${sql.lit(PLAIN)}) || '
             AND (public.search_words(order_number) @@ %1$L::tsquery
               OR public.search_words(order_number) @@ %2$L::tsquery)
           OR order_number ~ ' || quote_literal(${sql.lit(OF_MORE_WORDS)}) || '
             AND split_part(order_number, ''-'', -1) = ANY (%6$L::text[])
           OR cardinality(%6$L::text[]) = 2 AND ' || ${sql.lit(OF_THREE_WORDS)} || '
             AND split_part(order_number, ''-'', 2) = ANY (%6$L::text[])
           OR order_number = ANY (%6$L::text[]) OR %7$s)
           AND public.begins_or_has(order_number, %3$L, %4$L::text[]) LIMIT %5$s',
        public.search_query(phrases), public.search_query(ARRAY[beginning])::text || ':*',
        beginning, phrases, most, words, plain
      );
    END
    $$
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`
    DROP INDEX orders_number_search_idx, orders_number_last_word_idx, orders_number_middle_word_idx
  `.execute(db);
  await sql`
    CREATE INDEX orders_number_search_idx ON orders USING gin (search_words(order_number))
    WITH (fastupdate = on, gin_pending_list_limit = 8192)
    WHERE order_number ~ '[^0-9A-Z]' AND order_number ~ '[^0-9a-z]'
  `.execute(db);
  await sql`
    CREATE OR REPLACE FUNCTION orders_with_number(typed text, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    DECLARE
      phrases CONSTANT text[] := public.search_phrases(typed);
      beginning CONSTANT text := public.search_line(typed);
    BEGIN
      RETURN QUERY EXECUTE format(
        'SELECT id FROM public.orders
         WHERE order_number ~ ''[^0-9A-Z]'' AND order_number ~ ''[^0-9a-z]''
           AND (public.search_words(order_number) @@ %1$L::tsquery
             OR public.search_words(order_number) @@ %2$L::tsquery)
           AND public.begins_or_has(order_number, %3$L, %4$L::text[]) LIMIT %5$s',
        public.search_query(phrases), public.search_query(ARRAY[beginning])::text || ':*',
        beginning, phrases, most
      );
    END
    $$
  `.execute(db);
}
