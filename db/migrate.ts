import { type Kysely, type Migration, Migrator, sql } from 'kysely';
import { sqlStateOf } from './data-api/errors.ts';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';

const TABLE = 'schema_migrations';
const LOCK_TABLE = 'schema_migrations_lock';
const MAX_ATTEMPTS = 5;

/** Less than the Data API's 45 s; who has not got the lock by then may come again (55P03). */
const LOCK_TIMEOUT = '20s';

/** Another run has brought the schema up to date since this one looked. */
class MigratedMeanwhileError extends Error {
  override readonly name = 'MigratedMeanwhileError';
}

/**
 * Brings the schema up to date in one transaction and returns the names of the migrations it ran,
 * oldest first; `[]` when there was nothing to do. Several at once are fine: they wait for each
 * other. A schema that is newer than this code stays as it is: CloudFormation undoes a failed
 * deploy by running the migrate function of the version before.
 *
 * @throws the first failing migration's own error; nothing of the run is then kept
 */
export async function migrateToLatest(
  db: Kysely<Database>,
  known: Readonly<Record<string, Migration>> = migrations,
): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => locked(known) },
    migrationTableName: TABLE,
    migrationLockTableName: LOCK_TABLE,
  });
  for (let attempt = 1; ; attempt++) {
    if (await isNewer(db, known)) return [];
    const { error, results = [] } = await migrator.migrateToLatest();
    if (!error) return results.map((result) => result.migrationName);
    const lostRace = error instanceof MigratedMeanwhileError || lostTableRace(error);
    if (!lostRace || attempt === MAX_ATTEMPTS) throw error;
  }
}

/**
 * Kysely's own lock is a session's, and over the Data API every call may have another session: it
 * locks nothing. The transaction in which the migrations run therefore takes one of its own, which
 * ends with it, before the first of them; what another run has done by then shows only now.
 */
function locked(known: Readonly<Record<string, Migration>>): Record<string, Migration> {
  const entries = Object.entries(known).map(([name, { up }]): [string, Migration] => [
    name,
    {
      async up(db) {
        await lock(db);
        if ((await executedMigrations(db)).has(name)) throw new MigratedMeanwhileError();
        await up(db);
      },
    },
  ]);
  return Object.fromEntries(entries);
}

/**
 * On a table that no role may use: an advisory lock every role can take, and hold a deploy up with.
 */
async function lock(db: Kysely<Database>): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`.execute(db);
  await sql`LOCK TABLE ${sql.table(LOCK_TABLE)} IN EXCLUSIVE MODE`.execute(db);
}

async function executedMigrations(db: Kysely<Database>): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(TABLE)}`.execute(db);
  return new Set(rows.map((row) => row.name));
}

/**
 * Kysely makes its own two tables before it takes its lock. Who loses that race finds a table
 * (42P07) or its row type (23505) made, and has only to look again.
 */
function lostTableRace(error: unknown): boolean {
  const state = error instanceof Error ? sqlStateOf(error) : undefined;
  return state === '42P07' || state === '23505';
}

/**
 * Whether every migration that we know has run, and others that we do not know; Kysely would
 * refuse.
 */
async function isNewer(
  db: Kysely<Database>,
  known: Readonly<Record<string, Migration>>,
): Promise<boolean> {
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === TABLE)) return false;
  const executed = await executedMigrations(db);
  const names = Object.keys(known);
  return names.length < executed.size && names.every((name) => executed.has(name));
}
