import { type Kysely, sql } from 'kysely';

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  // A statement sees what was committed before it began; what a volatile function asks in it sees
  // what has been committed since.
  await sql`
    CREATE FUNCTION has_orders_now(seller_id bigint, numbers text[]) RETURNS boolean
    LANGUAGE plpgsql VOLATILE AS $$
    BEGIN
      RETURN EXISTS (
        SELECT FROM orders WHERE user_id = seller_id AND order_number = ANY (numbers)
      );
    END
    $$
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP FUNCTION has_orders_now(bigint, text[])`.execute(db);
}
