import { setTimeout as delay } from 'node:timers/promises';
import { type Kysely, sql } from 'kysely';
import {
  FailedUnheardError,
  isStatementTimeout,
  LOOK_EVERY_MS,
  type Wait,
} from './data-api/patient.ts';
import type { Database } from './schema.ts';

/** An index that is built while others write, on a table of any size. */
export interface ConcurrentIndex {
  readonly name: string;
  readonly table: string;
  /** What follows the table's name: `(created_at, id)`, `USING gin (…)`. */
  readonly by: string;
}

export interface BuildOptions {
  /**
   * Keeps other migrations away, and is called before each step: the Data API ends a transaction
   * that nobody uses for three minutes. It must hold no snapshot, or the index waits for it.
   */
  readonly hold: () => Promise<void>;
  /** @default real waiting */
  readonly wait?: Wait;
}

/**
 * Builds the index without keeping anybody from writing, however long it takes. It goes on where an
 * earlier run has stopped: one that PostgreSQL still builds is waited for, and what a failure has
 * left is removed and built again.
 *
 * @param db outside of a transaction, in which PostgreSQL would not build it so
 * @throws {FailedUnheardError} when it failed after 45 s; every other error as it is
 */
export async function buildIndex(
  db: Kysely<Database>,
  index: ConcurrentIndex,
  { hold, wait = delay }: BuildOptions,
): Promise<void> {
  let isBegun = false;
  for (;;) {
    await hold();
    const state = await stateOf(db, index);
    if (state === 'valid') return;
    if (state === 'building') await wait(LOOK_EVERY_MS);
    else if (isBegun) throw new FailedUnheardError(create(index));
    else if (state === 'leftover') await inTheirTime(db, drop(index));
    else isBegun = !(await inTheirTime(db, create(index)));
  }
}

type State = 'missing' | 'building' | 'valid' | 'leftover';

/** What becomes valid between two parts of one look is no leftover: so that takes two looks. */
async function stateOf(db: Kysely<Database>, index: ConcurrentIndex): Promise<State> {
  const first = await look(db, index);
  return first === 'leftover' ? look(db, index) : first;
}

async function look(db: Kysely<Database>, { name, table }: ConcurrentIndex): Promise<State> {
  const { rows } = await sql<{ is_valid: boolean | null; is_building: boolean }>`
    SELECT
      (SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(${quoted(name)})) AS is_valid,
      EXISTS (
        SELECT FROM pg_stat_progress_create_index
        WHERE datname = current_database() AND relid = to_regclass(${quoted(table)})
      ) AS is_building`.execute(db);
  const { is_valid: isValid = null, is_building: isBuilding = false } = rows[0] ?? {};
  if (isValid) return 'valid';
  if (isBuilding) return 'building';
  return isValid === null ? 'missing' : 'leftover';
}

/** @returns whether it came to its end within the Data API's 45 s; else it runs on */
async function inTheirTime(db: Kysely<Database>, statement: string): Promise<boolean> {
  try {
    await sql.raw(statement).execute(db);
    return true;
  } catch (error) {
    if (!isStatementTimeout(error)) throw error;
    return false;
  }
}

const create = ({ name, table, by }: ConcurrentIndex) =>
  `CREATE INDEX CONCURRENTLY ${quoted(name)} ON ${quoted(table)} ${by}`;

const drop = ({ name }: ConcurrentIndex) => `DROP INDEX CONCURRENTLY IF EXISTS ${quoted(name)}`;

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
