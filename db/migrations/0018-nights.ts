import { type Kysely, sql } from 'kysely';

// A day of which the proof failed, also its first, is known by when. Old versions are found by
// receipts by now: of pages that deleted rows have left to new ones, a BRIN index knows no more
// what is old. A later migration drops it, when no function that is deployed prunes by it.

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await sql`
    ALTER TABLE proved_days ALTER COLUMN proved_at DROP NOT NULL, ADD COLUMN failed_at timestamptz
  `.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DELETE FROM proved_days WHERE proved_at IS NULL`.execute(db);
  await sql`
    ALTER TABLE proved_days ALTER COLUMN proved_at SET NOT NULL, DROP COLUMN failed_at
  `.execute(db);
}
