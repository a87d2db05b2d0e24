import { type Kysely, Migrator, sql } from 'kysely';
import { sqlStateOf } from './data-api-errors.ts';
import { migrations } from './migrations/index.ts';
import type { Database } from './schema.ts';

const TABLE = 'schema_migrations';
const MAX_ATTEMPTS = 5;

/**
 * Brings the schema up to date in one transaction and returns the names of the migrations it ran,
 * oldest first; `[]` when there was nothing to do. Several at once are fine: they wait for each other.
 * A schema that is newer than this code stays as it is: CloudFormation undoes a failed deploy by
 * running the migrate function of the version before.
 *
 * @throws the first failing migration's own error; nothing of the run is then kept
 */
export async function migrateToLatest(db: Kysely<Database>): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: TABLE,
    migrationLockTableName: 'schema_migrations_lock',
  });
  for (let attempt = 1; ; attempt++) {
    if (await isNewer(db)) return [];
    const { error, results = [] } = await migrator.migrateToLatest();
    if (!error) return results.map((result) => result.migrationName);
    if (!lostTableRace(error) || attempt === MAX_ATTEMPTS) throw error;
  }
}

/**
 * Kysely makes its own two tables before it takes its lock. Who loses that race finds a table (42P07)
 * or its row type (23505) made, and has only to look again.
 */
function lostTableRace(error: unknown): boolean {
  const state = error instanceof Error ? sqlStateOf(error) : undefined;
  return state === '42P07' || state === '23505';
}

/** Whether every migration that we know has run, and others that we do not know; Kysely would refuse. */
async function isNewer(db: Kysely<Database>): Promise<boolean> {
  const tables = await db.introspection.getTables();
  if (!tables.some((table) => table.name === TABLE)) return false;
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(TABLE)}`.execute(db);
  const executed = new Set(rows.map((row) => row.name));
  const known = Object.keys(migrations);
  return known.length < executed.size && known.every((name) => executed.has(name));
}
