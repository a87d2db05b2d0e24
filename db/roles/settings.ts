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
  for (const name of [...ROLE_NAMES, ...LOGIN_NAMES]) {
    const declared = settingsOf(name);
    const own = found.filter((setting) => setting.name === name);
    if (isSame(own, declared)) continue;
    const id = sql.id(name);
    for (const database of new Set(own.map((setting) => setting.database))) {
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

interface FoundSetting {
  readonly name: string;
  /** `null` where it is for all of them. */
  readonly database: string | null;
  /** `statement_timeout=10s` */
  readonly setting: string;
}

async function readSettings(trx: Transaction<Database>): Promise<FoundSetting[]> {
  const { rows } = await sql<FoundSetting>`
    SELECT rolname::text AS name, datname::text AS database, unnest(setconfig) AS setting
    FROM pg_db_role_setting
    JOIN pg_roles ON pg_roles.oid = setrole
    LEFT JOIN pg_database ON pg_database.oid = setdatabase
    WHERE rolname IN (${sql.join([...ROLE_NAMES, ...LOGIN_NAMES])})`.execute(trx);
  return rows;
}

/** Nobody logs in as a role itself: it has none. */
function settingsOf(name: string): [setting: string, value: string][] {
  const role = findRoleOfLogin(name);
  return role ? Object.entries({ ...ROLES[role].timeouts, ...ROLES[role].planner }) : [];
}

function isSame(own: readonly FoundSetting[], declared: readonly [string, string][]): boolean {
  const wanted = new Set(declared.map(([setting, value]) => `${setting}=${value}`));
  return (
    own.length === wanted.size &&
    own.every(({ database, setting }) => database === null && wanted.has(setting))
  );
}
