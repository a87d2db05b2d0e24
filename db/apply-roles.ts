import { type Kysely, sql, type Transaction } from 'kysely';
import { sqlStateOf } from './data-api-errors.ts';
import { loginsOf, ROLE_NAMES, type RoleName } from './role-names.ts';
import { ROLES } from './roles.ts';
import type { Database } from './schema.ts';
import { scramVerifier } from './scram.ts';

/** A login of some role and the password that its secret has for it. */
export interface LoginPassword {
  readonly username: string;
  readonly password: string;
}

/** Other databases' migrations on the same server may each win a race once. */
const MAX_ATTEMPTS = 10;

/**
 * Makes the roles, their logins and their rights what `db/roles.ts` declares, all at once, and gives
 * logins their passwords. Doing it again changes nothing; several at once are fine. The caller owns
 * the database and may create roles; it needs not be a superuser, which Aurora has none of.
 */
export async function applyRoles(
  db: Kysely<Database>,
  passwords: readonly LoginPassword[],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute((trx) => apply(trx, passwords));
    } catch (error) {
      if (!lostRoleRace(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/**
 * Roles are the server's, not the database's: another database's migration may be making the same.
 * Who loses finds the role there (42710, 23505) or its row changed (XX000), and has only to look again.
 */
function lostRoleRace(error: unknown): boolean {
  const state = error instanceof Error ? sqlStateOf(error) : undefined;
  return state === '42710' || state === '23505' || state === 'XX000';
}

async function apply(
  trx: Transaction<Database>,
  passwords: readonly LoginPassword[],
): Promise<void> {
  // In one database they follow each other: two GRANTs on the same table at once fail.
  await sql`SELECT pg_advisory_xact_lock(hashtext('order-analytics roles'))`.execute(trx);
  await createRoles(trx);
  await applySettings(trx);
  await grantRights(trx);
  for (const { username, password } of passwords) await setPassword(trx, username, password);
}

/** A password becomes its verifier here, so that no log of statements ever holds it. */
export async function setPassword(
  db: Kysely<Database>,
  username: string,
  password: string,
): Promise<void> {
  const verifier = sql.lit(scramVerifier(password));
  await sql`ALTER ROLE ${sql.id(username)} PASSWORD ${verifier}`.execute(db);
}

/** Each role as a group that cannot log in, and its two logins, members of it and of nothing else. */
async function createRoles(trx: Transaction<Database>): Promise<void> {
  const present = await readRoles(trx);
  for (const role of ROLE_NAMES) {
    if (!present.has(role)) await sql`CREATE ROLE ${sql.id(role)} NOLOGIN`.execute(trx);
    for (const login of loginsOf(role)) {
      const found = present.get(login);
      if (!found) await sql`CREATE ROLE ${sql.id(login)} LOGIN`.execute(trx);
      if (found?.makes_others) {
        await sql`ALTER ROLE ${sql.id(login)} NOCREATEROLE NOCREATEDB`.execute(trx);
      }
      for (const group of found?.groups.filter((name) => name !== role) ?? []) {
        await sql`REVOKE ${sql.id(group)} FROM ${sql.id(login)}`.execute(trx);
      }
      if (found?.groups.includes(role)) continue;
      await sql`GRANT ${sql.id(role)} TO ${sql.id(login)}`.execute(trx);
    }
  }
}

async function readRoles(trx: Transaction<Database>) {
  const { rows } = await sql<{ name: string; makes_others: boolean; groups: string[] }>`
    SELECT
      rolname::text AS name,
      rolcreaterole OR rolcreatedb AS makes_others,
      ARRAY(
        SELECT pg_get_userbyid(roleid)::text FROM pg_auth_members WHERE member = pg_roles.oid
      ) AS groups
    FROM pg_roles`.execute(trx);
  return new Map(rows.map((row) => [row.name, row]));
}

/** Settings are not inherited by members: both logins get their role's. */
async function applySettings(trx: Transaction<Database>): Promise<void> {
  const { rows } = await sql<{ login: string; setting: string }>`
    SELECT rolname::text AS login, unnest(setconfig) AS setting
    FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole
    WHERE setdatabase = 0`.execute(trx);
  const isSet = (login: string, setting: string) =>
    rows.some((row) => row.login === login && row.setting === setting);

  for (const role of ROLE_NAMES) {
    for (const [name, value] of Object.entries({
      ...ROLES[role].timeouts,
      ...ROLES[role].planner,
    })) {
      for (const login of loginsOf(role)) {
        if (isSet(login, `${name}=${value}`)) continue;
        await sql`ALTER ROLE ${sql.id(login)} SET ${sql.id(name)} = ${sql.lit(value)}`.execute(trx);
      }
    }
  }
}

async function grantRights(trx: Transaction<Database>): Promise<void> {
  const { rows } = await sql<{ name: string }>`SELECT current_database() AS name`.execute(trx);
  const database = sql.id(rows[0]?.name ?? '');

  // PUBLIC too: PostgreSQL lets everybody connect, make temporary tables and call functions unasked.
  const roles = sql.join(ROLE_NAMES.map((role) => sql.id(role)));
  await sql`REVOKE ALL ON DATABASE ${database} FROM PUBLIC, ${roles}`.execute(trx);
  await sql`REVOKE ALL ON SCHEMA public FROM PUBLIC, ${roles}`.execute(trx);
  for (const objects of ['TABLES', 'SEQUENCES', 'FUNCTIONS']) {
    const all = sql.raw(`ALL ${objects} IN SCHEMA public`);
    await sql`REVOKE ALL ON ${all} FROM PUBLIC, ${roles}`.execute(trx);
  }

  await sql`GRANT CONNECT ON DATABASE ${database} TO ${roles}`.execute(trx);
  await sql`GRANT USAGE ON SCHEMA public TO ${roles}`.execute(trx);
  for (const role of ROLE_NAMES) await grantDeclared(trx, role);
}

async function grantDeclared(trx: Transaction<Database>, name: RoleName): Promise<void> {
  const role = sql.id(name);
  const { tables, functions = [] } = ROLES[name];
  for (const [table, rights] of Object.entries(tables)) {
    const list = sql.raw(rights.join(', '));
    await sql`GRANT ${list} ON ${sql.table(table)} TO ${role}`.execute(trx);
  }
  for (const signature of functions) {
    await sql`GRANT EXECUTE ON FUNCTION ${sql.raw(signature)} TO ${role}`.execute(trx);
  }
}
