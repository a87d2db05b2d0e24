import { type Kysely, sql } from 'kysely';

// By which words a text is found is decided here and nowhere else: the indexes, the search and the look at a
// single order all call `search_text`. It is a part of the indexes: another rule is another function with
// indexes of its own, never a change of this one.
//
// The indexes are built here, each by one statement, while uploads wait. The Data API gives a statement
// 45 s, which is enough for some five million items; see docs/operations.md for more.

/** Letters whose lower case is their folded case, and which NFKC leaves alone. Of Latin ß, İ, ı, ĳ, ŀ, ŉ and ſ are none. */
const LETTERS = 'A-Za-zÀ-ÖØ-Þà-öø-ÿĀ-įĴ-ľŁ-ňŊ-žЀ-џҐґ';

/** Marks that the names of goods are full of. */
const MARKS = '!"#%&()*+,./;?@_{}«»–—“”„’®-';

/** What is not seen, such as soft hyphens, joiners, directions and variants (Default_Ignorable_Code_Point). */
const INVISIBLE =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e' +
  '\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufff8\\U0001bca0-\\U0001bca3' +
  '\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff';

/** What parts words: punctuation and symbols, for which pg_c_utf8 has one class, letters in circles and private use. */
const PARTING =
  '[:punct:]\\u24b6-\\u24e9\\U0001f130-\\U0001f189\\ue000-\\uf8ff\\U000f0000-\\U0010ffff';
/** Han to come: they are letters also for a PostgreSQL that does not know them yet. */
const MORE_HAN = '\\U00020000-\\U0003ffff';
const MARK = `(?:[${PARTING}]|[^[:graph:][:space:][:cntrl:]${MORE_HAN}])+`;
const NEXT_IS_WORD = `(?=[[:graph:]${MORE_HAN}])(?![${PARTING}])`;
const LAST_IS_WORD = `(?<=[[:graph:]${MORE_HAN}])(?<![${PARTING}])`;
const MARKS_AT_WORDS = `${LAST_IS_WORD}${MARK}|${MARK}${NEXT_IS_WORD}`;

/** Scripts without spaces between words: Thai to Lao, Myanmar, Khmer, kana and Han. */
const UNSPACED =
  '\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3005-\\u3007\\u3040-\\u30ff\\u31f0-\\u31ff' +
  '\\u3400-\\u4dbf\\u4e00-\\u9fff\\uf900-\\ufaff\\U0001b000-\\U0001b16f\\U00020000-\\U0003ffff';

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await createTextFunctions(db);
  await createQueryFunctions(db);

  // An upload only appends to an index's pending list, which is put in its place some thousand rows at
  // once. As tsvector, because its notation is parsed and compared faster than an array is made.
  await sql`DROP INDEX order_items_words_idx`.execute(db);
  // The lists are longer than before: what is put in place together costs less, and by that the words
  // within hyphens and the order numbers are paid for.
  await sql`
    CREATE INDEX order_items_search_idx ON order_items USING gin (search_words(sku || ' ' || name))
    WITH (fastupdate = on, gin_pending_list_limit = 8192)
  `.execute(db);
  // Not of numbers that are one word in one case: the index by code point finds them.
  await sql`
    CREATE INDEX orders_number_search_idx ON orders USING gin (search_words(order_number))
    WITH (fastupdate = on, gin_pending_list_limit = 8192)
    WHERE order_number ~ '[^0-9A-Z]' AND order_number ~ '[^0-9a-z]'
  `.execute(db);
  await sql`CREATE INDEX users_search_idx ON users USING gin (search_words(username))`.execute(db);

  await createSearches(db);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
async function createTextFunctions(db: Kysely<any>): Promise<void> {
  // The rule. A word is a run of letters, digits and what stands on them, in folded case. Marks and symbols
  // part words; a run of nothing but them between two spaces is a word.
  await sql`
    CREATE FUNCTION search_text_of_any(original text) RETURNS text
    LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
    DECLARE
      invisible CONSTANT text := '[${sql.raw(INVISIBLE)}]+';
      marks_at_words CONSTANT text COLLATE pg_c_utf8 := ${sql.lit(MARKS_AT_WORDS)};
      x text COLLATE pg_c_utf8 := original;
    BEGIN
      -- Nobody who searches knows whether something invisible joins words or parts them: it does both.
      IF regexp_like(original, invisible) THEN
        RETURN public.search_text_of_any(regexp_replace(original, invisible, '', 'g'))
          || ' ' || public.search_text_of_any(regexp_replace(original, invisible, ' ', 'g'));
      END IF;
      -- Marks before and after: compatibility makes letters of some (™ becomes TM), and marks of some letters.
      x := regexp_replace(normalize(x, NFC), marks_at_words, ' ', 'g');
      x := normalize(casefold(normalize(x, NFKC) COLLATE pg_unicode_fast), NFKC);
      x := replace(translate(x, 'ёı', 'еi'), U&'i\\0307', 'i'); -- İ folds to an i with one more dot
      x := regexp_replace(x, marks_at_words, ' ', 'g');
      -- Without spaces each character is a word, and words are found as what stands side by side.
      x := regexp_replace(x, '([${sql.raw(UNSPACED)}])', ' \\1 ', 'g');
      x := btrim(regexp_replace(x, '[[:space:][:cntrl:]]+', ' ', 'g'));
      -- A tsvector's words are below 2 KiB, and compatibility makes up to 18 characters of one.
      IF length(x) > 255 THEN x := regexp_replace(x, '([^ ]{255})', '\\1 ', 'g'); END IF;
      RETURN translate(x, '''\\:', '’⧵∶'); -- which a tsvector's notation needs for itself
    END
    $$
  `.execute(db);

  // The same, quickly, for what most texts are: plain words with hyphens; then words with other marks too.
  // One expression, so that it becomes a part of the statement. Every item of every upload pays for it.
  const lone = (space: string, marks: string) => `(^|${space})[${marks}]+(${space}|$)`;
  const notPlain = sql.lit(`[^ 0-9${LETTERS}-]|${lone(' ', '-')}`);
  const notMarked = sql.lit(`[^ \u00a00-9${LETTERS}${MARKS}]|${lone('[ \u00a0]', MARKS)}`);
  const lower = sql`lower(x COLLATE pg_c_utf8) COLLATE "C"`;
  await sql`
    CREATE FUNCTION search_text(x text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN CASE
      WHEN x COLLATE "C" !~ ${notPlain} THEN replace(replace(${lower}, 'ё', 'е'), '-', ' ')
      WHEN x COLLATE "C" !~ ${notMarked} THEN
        regexp_replace(replace(${lower}, 'ё', 'е'), ${sql.lit(`[\u00a0${MARKS}]+`)}, ' ', 'g')
      ELSE search_text_of_any(x) COLLATE "C"
    END
  `.execute(db);
  await sql`
    CREATE FUNCTION search_words(x text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN search_text(x)::tsvector
  `.execute(db);
  await sql`
    CREATE FUNCTION search_line(x text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN btrim(regexp_replace(search_text(x), ' +', ' ', 'g'))
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
async function createQueryFunctions(db: Kysely<any>): Promise<void> {
  // What somebody has typed, parted at spaces: "T-Shirt чай" is the phrases "t shirt" and "чай". Mere marks
  // count only where there is nothing else. More phrases than eight would not narrow a search down.
  await sql`
    CREATE FUNCTION search_phrases(typed text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
      SELECT coalesce(
        (array_agg(phrase ORDER BY place) FILTER (WHERE phrase ~ ${sql.lit(NEXT_IS_WORD)}))[1 : 8],
        (array_agg(phrase ORDER BY place))[1 : 8],
        '{}'
      )
      FROM (
        SELECT search_line(part) COLLATE pg_c_utf8 AS phrase, place
        FROM regexp_split_to_table(
          regexp_replace(typed, ${sql.lit(`[${INVISIBLE}]+`)}, '', 'g') COLLATE pg_c_utf8,
          '[[:space:][:cntrl:]]+'
        ) WITH ORDINALITY AS t (part, place)
      ) AS parts
      WHERE phrase <> ''
    )
  `.execute(db);
  await sql`
    CREATE FUNCTION search_query(phrases text[]) RETURNS tsquery LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (
      SELECT string_agg('''' || word || '''', ' & ')::tsquery
      FROM unnest(phrases) AS phrase, string_to_table(phrase, ' ') AS word
    )
  `.execute(db);
  // Words that were typed as one stand side by side, which the index does not know.
  await sql`
    CREATE FUNCTION has_phrases(x text, phrases text[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
      line CONSTANT text := ' ' || public.search_line(x) || ' ';
      phrase text;
    BEGIN
      FOREACH phrase IN ARRAY phrases LOOP
        IF strpos(line, ' ' || phrase || ' ') = 0 THEN RETURN false; END IF;
      END LOOP;
      RETURN cardinality(phrases) > 0;
    END
    $$
  `.execute(db);
  await sql`
    CREATE FUNCTION begins_or_has(x text, beginning text, phrases text[]) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (beginning <> '' AND starts_with(search_line(x), beginning)) OR has_phrases(x, phrases)
  `.execute(db);
}

/**
 * PostgreSQL takes words that it has no statistics of for frequent ones, and would rather read all rows:
 * inside these functions it has no way but the index.
 */
// biome-ignore lint/suspicious/noExplicitAny: as above
async function createSearches(db: Kysely<any>): Promise<void> {
  await sql`
    CREATE FUNCTION orders_with_items(phrases text[], most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    BEGIN
      RETURN QUERY EXECUTE format(
        'SELECT order_id FROM public.order_items
         WHERE public.search_words(sku || '' '' || name) @@ %L::tsquery
           AND public.has_phrases(sku || '' '' || name, %L::text[]) LIMIT %s',
        public.search_query(phrases), phrases, most
      );
    END
    $$
  `.execute(db);
  await sql`
    CREATE FUNCTION orders_with_number(typed text, most integer) RETURNS SETOF bigint
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
  // The admin of the release before asks by this one until a deploy has replaced it: an item has each word in
  // one of its forms. They all come to the same words now.
  await sql`
    CREATE OR REPLACE FUNCTION orders_with_words(words jsonb, most integer) RETURNS SETOF bigint
    LANGUAGE sql STABLE AS $$
      SELECT public.orders_with_items(
        ARRAY(SELECT public.search_line(forms ->> 0) FROM jsonb_array_elements(words) AS forms), most
      )
    $$
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP INDEX order_items_search_idx, orders_number_search_idx, users_search_idx`.execute(
    db,
  );
  await sql`
    DROP FUNCTION orders_with_items(text[], integer), orders_with_number(text, integer),
      begins_or_has(text, text, text[]), has_phrases(text, text[]), search_query(text[]),
      search_phrases(text), search_line(text), search_words(text), search_text(text),
      search_text_of_any(text)
  `.execute(db);
  await sql`
    CREATE INDEX order_items_words_idx ON order_items
    USING gin (string_to_array(lower((sku || ' ' || name) COLLATE pg_c_utf8), ' '))
    WITH (fastupdate = on, gin_pending_list_limit = 2048)
  `.execute(db);
  await sql`
    CREATE OR REPLACE FUNCTION orders_with_words(words jsonb, most integer) RETURNS SETOF bigint
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    BEGIN
      RETURN QUERY EXECUTE (
        SELECT format(
          'SELECT order_id FROM order_items WHERE %s LIMIT %s',
          string_agg(
            format(
              'string_to_array(lower((sku || '' '' || name) COLLATE pg_c_utf8), '' '') && %L::text[]',
              ARRAY(SELECT jsonb_array_elements_text(forms))
            ),
            ' AND '
          ),
          most
        )
        FROM jsonb_array_elements(words) AS forms
      );
    END
    $$
  `.execute(db);
}
