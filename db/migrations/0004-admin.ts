import { type Kysely, sql } from 'kysely';

// What the admin needs to answer in milliseconds however many orders there are. Every index on orders
// and items is paid for by every upload, so there are only those without which a page reads the whole
// table. There is none on `status`, the one column of an order that changes often: the roll-up knows on
// which days a seller has orders of a rare status, and a frequent one is found by walking.

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  // By code point: the index on it then also finds prefixes, whatever the server's locale is.
  await sql`ALTER TABLE orders ALTER COLUMN order_number TYPE varchar(50) COLLATE "C"`.execute(db);

  // The orders of all sellers, newest first, and by amount; the id tells orders of one moment apart.
  await sql`CREATE INDEX orders_created_at_id_idx ON orders (created_at, id)`.execute(db);
  await sql`CREATE INDEX orders_total_amount_id_idx ON orders (total_amount, id)`.execute(db);

  // The words of items. An upload only appends to the index's pending list, which is put in its place
  // some thousand orders at once. Words are parted at spaces and nowhere else, because that is the
  // cheapest (a text search parser takes four times as long); who searches asks for "tea," as well.
  await sql`
    CREATE INDEX order_items_words_idx ON order_items
    USING gin (string_to_array(lower((sku || ' ' || name) COLLATE pg_c_utf8), ' '))
    WITH (fastupdate = on, gin_pending_list_limit = 2048)
  `.execute(db);

  // PostgreSQL takes words that it has no statistics of for frequent ones, and would rather read all
  // items: inside the function it has no way but the index.
  await sql`
    CREATE FUNCTION orders_with_words(words jsonb, most integer) RETURNS SETOF bigint
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

  // The days of a status; with a skip over the statuses, the days of all.
  await sql`CREATE INDEX daily_order_stats_status_day_idx ON daily_order_stats (status, day)`.execute(
    db,
  );

  // Sellers by the beginning of their name, in any case.
  await sql`
    CREATE INDEX users_username_prefix_idx ON users ((lower(username COLLATE pg_c_utf8) COLLATE "C"))
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP FUNCTION orders_with_words(jsonb, integer)`.execute(db);
  await sql`
    DROP INDEX orders_created_at_id_idx, orders_total_amount_id_idx, order_items_words_idx,
      daily_order_stats_status_day_idx, users_username_prefix_idx
  `.execute(db);
  await sql`ALTER TABLE orders ALTER COLUMN order_number TYPE varchar(50) COLLATE "default"`.execute(
    db,
  );
}
