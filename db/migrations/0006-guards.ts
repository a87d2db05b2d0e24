import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  // Milliseconds since the epoch: a call says until when its transaction may write, and by whose clock.
  await sql`
    CREATE FUNCTION write_before(deadline_ms bigint) RETURNS bigint
    LANGUAGE plpgsql VOLATILE AS $$
    DECLARE
      now_ms bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
      left_ms bigint := deadline_ms - now_ms;
    BEGIN
      IF left_ms <= 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'OA001',
          MESSAGE = format('too late to write, by %s ms of the database''s clock', -left_ms);
      END IF;
      PERFORM set_config('transaction_timeout', least(left_ms, 2147483647) || 'ms', true);
      RETURN now_ms;
    END
    $$
  `.execute(db);

  await sql`
    CREATE FUNCTION raise_rows_lost(reason text) RETURNS integer
    LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RAISE EXCEPTION USING ERRCODE = 'OA002', MESSAGE = reason;
    END
    $$
  `.execute(db);

  await db.schema
    .alterTable('nightly_runs')
    .addColumn('orders_checked', 'bigint')
    .addColumn('orders_damaged', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema.alterTable('proved_days').addColumn('items_proved_at', 'timestamptz').execute();
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await db.schema.alterTable('proved_days').dropColumn('items_proved_at').execute();
  await db.schema
    .alterTable('nightly_runs')
    .dropColumn('orders_damaged')
    .dropColumn('orders_checked')
    .execute();
  await sql`DROP FUNCTION raise_rows_lost(text)`.execute(db);
  await sql`DROP FUNCTION write_before(bigint)`.execute(db);
}
