import { type Kysely, sql } from 'kysely';

/** For who looks for what was changed last: each change is put at the end of it, which is cheap. */
export const indexes = [
  { name: 'orders_last_changed_at_id_idx', table: 'orders', by: '(last_changed_at, id)' },
];

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP INDEX orders_last_changed_at_id_idx`.execute(db);
}
