import { sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import { findRoleOfLogin, LOGIN_NAMES, ROLE_NAMES } from './names.ts';
import { ROLES } from './roles.ts';

/**
 * Gives every login the settings of its role, and no others: PostgreSQL lets everybody change their
 * own, for all databases and for single ones. Settings are not inherited by members, so each login
 * has them.
 *
 * @returns the names of those that had others; sessions that have begun keep what they began with
 */
export async function applySettings(trx: Transaction<Database>): Promise<string[]> {
  const found = await readSettings(trx);
  const amended: string[] = [];
  for (const name of NAMES) {
    const declared = settingsOf(name);
    const own = found.filter((settings) => settings.name === name);
    if (own.length === Math.min(declared.length, 1) && own.every((one) => one.declared)) continue;
    const id = sql.id(name);
    for (const { database } of own) {
      const where = database === null ? sql`` : sql`IN DATABASE ${sql.id(database)} `;
      await sql`ALTER ROLE ${id} ${where}RESET ALL`.execute(trx);
    }
    for (const [setting, value] of declared) {
      await sql`ALTER ROLE ${id} SET ${sql.id(setting)} = ${sql.lit(value)}`.execute(trx);
    }
    if (own.length > 0) amended.push(name);
  }
  return amended;
}

const NAMES = [...ROLE_NAMES, ...LOGIN_NAMES];

/** All settings that somebody has for one database, or for all of them. */
interface FoundSettings {
  readonly name: string;
  /** `null` where they are for all of them. */
  readonly database: string | null;
  /** Whether they are what `db/roles/roles.ts` says, in any order. */
  readonly declared: boolean;
}

/**
 * Who may change a setting may make it as long as it likes, and the Data API answers 1 MiB at most:
 * the database says of them no more than whether they are right.
 */
async function readSettings(trx: Transaction<Database>): Promise<FoundSettings[]> {
  const declared = NAMES.map((name) => {
    const settings = settingsOf(name).map(([setting, value]) => sql.lit(`${setting}=${value}`));
    return sql`(${sql.lit(name)}, ARRAY[${sql.join(settings)}]::text[])`;
  });
  const { rows } = await sql<FoundSettings>`
    SELECT rolname::text AS name, datname::text AS database,
      setdatabase = 0 AND setconfig @> settings AND setconfig <@ settings AS declared
    FROM pg_db_role_setting
    JOIN pg_roles ON pg_roles.oid = setrole
    JOIN (VALUES ${sql.join(declared)}) AS declared (login, settings) ON login = rolname
    LEFT JOIN pg_database ON pg_database.oid = setdatabase`.execute(trx);
  return rows;
}

/** Nobody logs in as a role itself: it has none. */
function settingsOf(name: string): [setting: string, value: string][] {
  const role = findRoleOfLogin(name);
  return role ? Object.entries({ ...ROLES[role].timeouts, ...ROLES[role].planner }) : [];
}
