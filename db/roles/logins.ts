import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { findRoleOfLogin } from './names.ts';

/** Whether a login is there, may log in, and has the rights of its role. */
export async function canLogIn(db: Kysely<Database>, login: string): Promise<boolean> {
  const { rows } = await sql<{ can: boolean }>`
    SELECT rolcanlogin AND pg_has_role(oid, ${findRoleOfLogin(login) ?? ''}::name, 'USAGE') AS can
    FROM pg_roles WHERE rolname = ${login}::name`.execute(db);
  return rows[0]?.can ?? false;
}
