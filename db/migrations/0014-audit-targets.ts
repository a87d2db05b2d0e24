import { type Kysely, sql } from 'kysely';

// Who did something to a key or an order; the log is small, since people write it.

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function up(db: Kysely<any>): Promise<void> {
  await sql`CREATE INDEX audit_log_target_id_idx ON audit_log (target, id)`.execute(db);
}

// biome-ignore lint/suspicious/noExplicitAny: a migration knows no table types, it is frozen in time
export async function down(db: Kysely<any>): Promise<void> {
  await sql`DROP INDEX audit_log_target_id_idx`.execute(db);
}
