import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import { LEAVING_RIGHTS, type LeavingRights } from './leaving-rights.ts';
import { LOGIN_NAMES, ROLE_NAMES, type RoleName } from './names.ts';
import type { Rights } from './role.ts';
import { ROLES } from './roles.ts';
import { grantRoutines } from './routines.ts';

/** What a server has beside our database, and where nobody but its owner has to be. */
const MAINTENANCE_DATABASES = sql`'postgres', 'template1'`;

/** Everybody who may have got a right; PostgreSQL gives PUBLIC some unasked. */
const EVERYBODY = sql.join([
  sql`PUBLIC`,
  ...[...ROLE_NAMES, ...LOGIN_NAMES].map((name) => sql.id(name)),
]);

export interface RightsOptions {
  /** @default what `leaving-rights.ts` declares */
  readonly leaving?: LeavingRights;
  /**
   * Takes nothing away: for who does not know what the functions need that run.
   *
   * @default false
   */
  readonly addsOnly?: boolean;
}

/**
 * Gives every role the rights that it is declared to have and those that only the release before
 * needs, and takes all others away.
 */
export async function grantRights(
  trx: Transaction<Database>,
  { leaving = LEAVING_RIGHTS, addsOnly = false }: RightsOptions = {},
): Promise<void> {
  const { rows } = await sql<{ name: string }>`SELECT current_database() AS name`.execute(trx);
  const database = sql.id(rows[0]?.name ?? '');

  if (!addsOnly) await revokeEverything(trx, database);

  const roles = sql.join(ROLE_NAMES.map((role) => sql.id(role)));
  await sql`GRANT CONNECT ON DATABASE ${database} TO ${roles}`.execute(trx);
  await sql`GRANT USAGE ON SCHEMA public TO ${roles}`.execute(trx);
  for (const role of ROLE_NAMES) {
    await grantDeclared(trx, role, ROLES[role]);
    await grantDeclared(trx, role, leaving[role] ?? { tables: {} });
    await grantRoutines(trx, role);
  }
}

async function revokeEverything(
  trx: Transaction<Database>,
  database: RawBuilder<unknown>,
): Promise<void> {
  await revokeAll(trx, sql`DATABASE ${database}`); // CONNECT and temporary tables
  await revokeAll(trx, sql`SCHEMA public`);
  for (const objects of ['TABLES', 'SEQUENCES', 'FUNCTIONS']) {
    await revokeAll(trx, sql`ALL ${sql.raw(objects)} IN SCHEMA public`);
  }
  await closeMaintenanceDatabases(trx);
  await closeCatalogFunctions(trx);
}

/** With what was given on. From a table it takes the rights on single columns too. */
async function revokeAll(trx: Transaction<Database>, what: RawBuilder<unknown>): Promise<void> {
  await sql`REVOKE ALL ON ${what} FROM ${EVERYBODY} CASCADE`.execute(trx);
}

async function grantDeclared(
  trx: Transaction<Database>,
  name: RoleName,
  { tables, functions = [] }: Rights,
): Promise<void> {
  const role = sql.id(name);
  for (const [table, rights] of Object.entries(tables)) {
    const list = Object.entries(rights).map(([right, columns]) =>
      columns === 'all'
        ? sql.raw(right)
        : sql`${sql.raw(right)} (${sql.join(columns.map((column: string) => sql.id(column)))})`,
    );
    await sql`GRANT ${sql.join(list)} ON ${sql.table(table)} TO ${role}`.execute(trx);
  }
  for (const signature of functions) {
    await sql`GRANT EXECUTE ON FUNCTION ${sql.raw(signature)} TO ${role}`.execute(trx);
  }
}

/** On Aurora they are the owner's; where they are somebody else's, they are not ours to close. */
async function closeMaintenanceDatabases(trx: Transaction<Database>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    SELECT datname::text AS name FROM pg_database
    WHERE datname IN (${MAINTENANCE_DATABASES}) AND datname <> current_database()
      AND pg_has_role(datdba, 'USAGE')
      AND EXISTS (
        SELECT FROM pg_roles
        WHERE rolname IN (${sql.join(LOGIN_NAMES)})
          AND has_database_privilege(pg_roles.oid, pg_database.oid, 'CONNECT, TEMPORARY, CREATE')
      )`.execute(trx);
  for (const { name } of rows) await revokeAll(trx, sql`DATABASE ${sql.id(name)}`);
}

/**
 * Somebody who may only read could fill the disk with large objects, messages in the log of changes
 * and exported snapshots, and with advisory locks the memory for everybody's locks, without which
 * nobody can write. These functions are the superuser's, whom Aurora keeps to itself: there they
 * stay open to everybody.
 */
async function closeCatalogFunctions(trx: Transaction<Database>): Promise<void> {
  const { rows } = await sql<{ signature: string }>`
    SELECT format('pg_catalog.%I(%s)', proname, pg_get_function_identity_arguments(oid)) AS signature
    FROM pg_proc
    WHERE pronamespace = 'pg_catalog'::regnamespace
      AND (proname ~ '^(lo|pg_advisory|pg_try_advisory)_'
        OR proname IN ('loread', 'lowrite', 'pg_logical_emit_message', 'pg_export_snapshot'))
      AND pg_has_role(proowner, 'USAGE') AND has_function_privilege('public', oid, 'EXECUTE')
  `.execute(trx);
  for (const { signature } of rows) {
    await sql`REVOKE ALL ON FUNCTION ${sql.raw(signature)} FROM PUBLIC`.execute(trx);
  }
}
