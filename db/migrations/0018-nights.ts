import { type Kysely, sql } from 'kysely';

// Of pages that deleted rows have left to new ones, a BRIN index knows no more what is old: that is
// found by receipts.

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await sql`DROP INDEX order_versions_replaced_at_idx`.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`
    CREATE INDEX order_versions_replaced_at_idx ON order_versions USING brin (replaced_at)
  `.execute(db);
}
