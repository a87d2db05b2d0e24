import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { loginsOf, ROLE_NAMES } from './names.ts';

/**
 * Ends the sessions of roles and logins that were amended: a session keeps the settings that it
 * began with, and the Data API keeps its sessions. Work that this interrupts is tried again by its
 * function.
 */
export async function endSessions(db: Kysely<Database>, names: readonly string[]): Promise<void> {
  const logins = ROLE_NAMES.flatMap((role) =>
    loginsOf(role).filter((login) => names.includes(login) || names.includes(role)),
  );
  if (logins.length === 0) return;
  await sql`
    SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE usename IN (${sql.join(logins)})
      AND (pg_has_role(usesysid, 'USAGE') OR pg_has_role('pg_signal_backend', 'USAGE'))`.execute(
    db,
  );
}
