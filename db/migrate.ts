import { type Kysely, type Migration, Migrator, sql, type Transaction } from 'kysely';
import { buildIndex, type ConcurrentIndex } from './concurrent-index.ts';
import { sqlStateOf } from './data-api/errors.ts';
import type { Wait } from './data-api/patient.ts';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';
import type { SchemaMigration } from './schema-migration.ts';

const TABLE = 'schema_migrations';
const LOCK_TABLE = 'schema_migrations_lock';
const MAX_LOST_RACES = 5;

/** Less than the Data API's 45 s; who has not got the lock by then may come again (55P03). */
const LOCK_TIMEOUT = '20s';

/**
 * Whoever wants a table that a migration waits for has to wait behind it: so this is tried again
 * rather than waited for.
 */
const TABLE_LOCK_TIMEOUT = '3s';

interface MigrationRun {
  readonly db: Kysely<Database>;
  readonly wait: Wait | undefined;
  readonly ran: Set<string>;
  isLocked: boolean;
}

/** Another run has brought the schema up to date since this one looked. */
class MigratedMeanwhileError extends Error {
  override readonly name = 'MigratedMeanwhileError';
}

/**
 * Brings the schema up to date and returns the names of the migrations it ran, oldest first; `[]`
 * when there was nothing to do. Each is kept or undone as a whole. Several runs at once are fine:
 * they wait for each other. A schema that is newer than this code stays as it is: CloudFormation
 * undoes a failed deploy by running the migrate function of the version before.
 *
 * @param db by `connectPatiently` where a statement may take more than 45 s
 * @param options `wait` passes the time while an index is built; `ran` has the names of those that
 *   earlier tries have run, also where the answer to their commit was lost
 * @throws the first failing migration's own error; those before it are kept
 */
export async function migrateToLatest(
  db: Kysely<Database>,
  known: Readonly<Record<string, SchemaMigration>> = migrations,
  { wait, ran = new Set() }: { readonly wait?: Wait; readonly ran?: Set<string> } = {},
): Promise<string[]> {
  const run = { db, wait, ran, isLocked: false };
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => locked(known, run) },
    migrationTableName: TABLE,
    migrationLockTableName: LOCK_TABLE,
  });
  if (await isNewer(db, known)) return [...ran];
  for (let lostRaces = 0; ; run.isLocked = false) {
    const { error, results = [] } = await migrator.migrateUp();
    if (error instanceof MigratedMeanwhileError) {
      if (await isNewer(db, known)) return [...ran];
      continue;
    }
    if (error && (run.isLocked || !isTableRace(error) || ++lostRaces > MAX_LOST_RACES)) throw error;
    if (!error && results.length === 0) return [...ran];
  }
}

/**
 * Kysely's own lock is a session's, and over the Data API every call may have another session: it
 * locks nothing. The transaction in which a migration runs therefore takes one of its own, which
 * ends with it; what another run has done by then shows only now.
 */
function locked(
  known: Readonly<Record<string, SchemaMigration>>,
  run: MigrationRun,
): Record<string, Migration> {
  const entries = Object.entries(known).map(([name, migration]): [string, Migration] => [
    name,
    {
      async up(trx: Transaction<Database>) {
        await lock(trx);
        run.isLocked = true;
        if ((await executedMigrations(trx)).has(name)) throw new MigratedMeanwhileError();
        if ('up' in migration) await migration.up(trx);
        else await buildAll(migration.indexes, trx, run);
        run.ran.add(name);
      },
    },
  ]);
  return Object.fromEntries(entries);
}

async function buildAll(
  indexes: readonly ConcurrentIndex[],
  trx: Transaction<Database>,
  { db, wait }: MigrationRun,
): Promise<void> {
  for (const index of indexes) await buildIndex(db, index, { hold: () => hold(trx), wait });
}

/**
 * On a table that no role may use: an advisory lock every role can take, and hold a deploy up with.
 */
async function lock(trx: Transaction<Database>): Promise<void> {
  await setLockTimeout(trx, LOCK_TIMEOUT);
  await hold(trx);
  await setLockTimeout(trx, TABLE_LOCK_TIMEOUT);
}

/** A statement that takes no snapshot, and lets go of that of the statement before. */
async function hold(trx: Transaction<Database>): Promise<void> {
  await sql`LOCK TABLE ${sql.table(LOCK_TABLE)} IN EXCLUSIVE MODE`.execute(trx);
}

async function setLockTimeout(trx: Transaction<Database>, timeout: string): Promise<void> {
  await sql`SELECT set_config('lock_timeout', ${timeout}, true)`.execute(trx);
}

async function executedMigrations(db: Kysely<Database>): Promise<Set<string>> {
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(TABLE)}`.execute(db);
  return new Set(rows.map((row) => row.name));
}

/**
 * Kysely makes its own two tables before it takes its lock. Who loses that race finds a table
 * (42P07) or its row type (23505) made, and has only to look again.
 */
function isTableRace(error: unknown): boolean {
  const state = error instanceof Error ? sqlStateOf(error) : undefined;
  return state === '42P07' || state === '23505';
}

/**
 * Whether every migration that we know has run, and others that we do not know; Kysely would
 * refuse.
 */
export async function isNewer(
  db: Kysely<Database>,
  known: Readonly<Record<string, SchemaMigration>> = migrations,
): Promise<boolean> {
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === TABLE)) return false;
  const executed = await executedMigrations(db);
  const names = Object.keys(known);
  return names.length < executed.size && names.every((name) => executed.has(name));
}
