import { type Kysely, sql } from 'kysely';

// A search finds words by their beginnings, by the index that there is. How long it looks is
// bounded: what the index gathers is cut, and what most items have is not asked of it.

/** Shorter words are found whole: most items have a word that begins with one letter or two. */
const MIN_BEGINNING = 3;

/** What more of the sample's items have than these is everywhere. */
const EVERYWHERE = 0.2;
/** Of fewer items nothing can be told. */
const MIN_SAMPLE = 300;

/** So many items that have the words are looked at, where the index alone cannot tell. */
const LOOKED_AT = 3_000;

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    CREATE FUNCTION has_beginnings(x text, phrases text[]) RETURNS boolean
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
    DECLARE
      line CONSTANT text := ' ' || public.search_line(x) || ' ';
      phrase text;
    BEGIN
      FOREACH phrase IN ARRAY phrases LOOP
        IF strpos(line, ' ' || phrase || CASE
          WHEN length(split_part(phrase, ' ', -1)) < ${sql.lit(MIN_BEGINNING)} THEN ' ' ELSE ''
        END) = 0 THEN RETURN false; END IF;
      END LOOP;
      RETURN cardinality(phrases) > 0;
    END
    $$
  `.execute(db);

  // An index has to gather all that begins so before it can give the first: it is not asked for a
  // beginning that is everywhere, but for the other words alone. PostgreSQL takes words that it has
  // no statistics of for frequent ones, and would rather read all rows: here it has no other way.
  await sql`
    CREATE FUNCTION orders_with_beginnings(
      phrases text[], sample_lines text[], most integer, OUT ids text, OUT is_part boolean
    )
    LANGUAGE plpgsql STABLE SET enable_seqscan = off SET enable_indexscan = off AS $$
    DECLARE
      terms text[] := '{}';
      is_exact boolean := true;
      phrase text;
      last_word text;
      query text;
    BEGIN
      is_part := false;
      FOREACH phrase IN ARRAY phrases LOOP
        last_word := split_part(phrase, ' ', -1);
        terms := terms || ARRAY(
          SELECT '''' || word || ''''
          FROM string_to_table(phrase, ' ') WITH ORDINALITY AS w (word, place)
          WHERE place < cardinality(string_to_array(phrase, ' '))
        );
        is_exact := is_exact AND phrase = last_word;
        IF length(last_word) < ${sql.lit(MIN_BEGINNING)} THEN
          terms := terms || ('''' || last_word || '''');
        ELSIF cardinality(sample_lines) >= ${sql.lit(MIN_SAMPLE)} AND (
          SELECT count(*) FROM unnest(sample_lines) AS line
          WHERE strpos(' ' || line, ' ' || last_word) > 0
        ) > ${sql.lit(EVERYWHERE)} * cardinality(sample_lines) THEN
          is_exact := false;
        ELSE
          terms := terms || ('''' || last_word || ''':*');
        END IF;
      END LOOP;
      IF cardinality(phrases) = 0 THEN RETURN; END IF;
      IF cardinality(terms) = 0 THEN
        ids := 'many';
        RETURN;
      END IF;
      query := format(
        'SELECT order_id, sku || '' '' || name AS original FROM public.order_items
         WHERE public.search_words(sku || '' '' || name) @@ %L::tsquery LIMIT %s',
        array_to_string(terms, ' & '), CASE WHEN is_exact THEN most ELSE ${sql.lit(LOOKED_AT)} END
      );
      IF is_exact THEN
        EXECUTE format(
          'SELECT CASE WHEN count(*) >= %s THEN ''many'' ELSE string_agg(order_id::text, '','') END
           FROM (%s) AS found', most, query
        ) INTO ids;
      ELSE
        EXECUTE format(
          'SELECT count(*) >= %s, string_agg(order_id::text, '','')
             FILTER (WHERE public.has_beginnings(original, %L::text[]))
           FROM (%s) AS found', ${sql.lit(LOOKED_AT)}, phrases, query
        ) INTO is_part, ids;
      END IF;
    END
    $$
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`
    DROP FUNCTION orders_with_beginnings(text[], text[], integer), has_beginnings(text, text[])
  `.execute(db);
}
