import { type Kysely, sql } from 'kysely';

// A changed item finds room on its own page, so that no index has to be told where it is now: its
// number and words are seldom what changes. Orders would gain nothing: their changed_xid is in an
// index. It holds for pages to come; nothing is rewritten, nothing waits.

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await sql`ALTER TABLE order_items SET (fillfactor = 70)`.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: as above
export async function down(db: Kysely<any>): Promise<void> {
  await sql`ALTER TABLE order_items RESET (fillfactor)`.execute(db);
}
