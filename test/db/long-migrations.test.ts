import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectPatiently } from '../../db/data-api/patient.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import type { Database } from '../../db/schema.ts';
import type { SchemaMigration } from '../../db/schema-migration.ts';
import type { DataApiServer } from '../../local/data-api/server.ts';
import { startOwnDataApi } from '../helpers/data-api.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { eventually } from '../helpers/eventually.ts';
import { TestClock } from '../helpers/test-clock.ts';
import { testPool } from '../helpers/test-pool.ts';

/** After which the Data API waits for a statement no longer. */
const LIMIT_MS = 45_000;

const clock = new TestClock();
let test: TestDatabase;
let dataApi: DataApiServer;
let db: Kysely<Database>;
let pool: pg.Pool;
/** What happens while the migrator waits between two looks, the first time and later. */
let meanwhile: (() => Promise<unknown>)[] = [];

const wait = async () => {
  await meanwhile.shift()?.();
};

beforeAll(async () => {
  test = await createTestDatabase();
  pool = testPool({ connectionString: test.url });
  const own = await startOwnDataApi({ clock });
  dataApi = own.dataApi;
  Object.assign(process.env, own.environment);
  db = connectPatiently(test.address, { wait });
});
beforeEach(async () => {
  meanwhile = [];
  await pool.query(`
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public;
    CREATE TABLE gate (opened boolean);
    CREATE TABLE rows (id integer, word text DEFAULT 'word');
    INSERT INTO rows SELECT generate_series(1, 1000)`);
});
afterAll(async () => {
  await pool.end();
  await db.destroy();
  await dataApi[Symbol.asyncDispose]();
  await test.drop();
});

/** A migration whose statement takes until the gate is opened, and then does this. */
const takingLong = (then: string): SchemaMigration => ({
  up: async (trx) => {
    await sql
      .raw(`DO $$ BEGIN
        WHILE NOT EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP;
        ${then};
      END $$`)
      .execute(trx);
    await sql`CREATE TABLE made_after_it ()`.execute(trx);
  },
});
const openGate = () => pool.query('INSERT INTO gate VALUES (true)');

const run = (migrations: Record<string, SchemaMigration>) =>
  migrateToLatest(db, migrations, { wait });

/** Time passes until the Data API gives up whatever it waits for now. */
async function outlive(statement: string): Promise<void> {
  await untilRunning(statement);
  clock.pass(LIMIT_MS);
}

const untilRunning = (statement: string) =>
  eventually(async () => {
    const { rowCount } = await pool.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()
         AND query LIKE '%' || $1 || '%'`,
      [statement],
    );
    expect(rowCount).not.toBe(0);
  });

const tables = async () =>
  (
    await pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
       WHERE relnamespace = 'public'::regnamespace AND relname LIKE 'made%' ORDER BY 1`,
    )
  ).rows.map(({ name }) => name);

describe('a migration with a statement that the Data API does not wait for', () => {
  it('is waited for, and then goes on in its transaction', async () => {
    meanwhile = [async () => expect(await tables()).toEqual([]), openGate];
    const running = run({ '0001-long': takingLong('CREATE TABLE made_long ()') });
    await outlive('WHILE NOT EXISTS');
    expect(await running).toEqual(['0001-long']);
    expect(await tables()).toEqual(['made_after_it', 'made_long']);
  });

  it('fails when that fails, says which statement, and leaves nothing', async () => {
    meanwhile = [openGate];
    const running = run({
      '0001-short': { up: (trx) => trx.schema.createTable('made_before').execute() },
      '0002-long': takingLong('CREATE TABLE made_long (); PERFORM 1 / 0'),
    });
    const failure = expect(running).rejects.toMatchObject({
      name: 'FailedUnheardError',
      message: expect.stringContaining('DO $$ BEGIN'),
    });
    await outlive('WHILE NOT EXISTS');
    await failure;
    expect(await tables()).toEqual(['made_before']);
  });

  it('is not taken for done when the statement was never seen to run', async () => {
    dataApi.faults.add({ kind: 'statement-timeout', operations: ['ExecuteStatement'], calls: 1 });
    await openGate();
    await expect(db.transaction().execute((trx) => sql`SELECT 1`.execute(trx))).rejects.toThrow(
      'Request timed out',
    );
  });

  it('cannot read the rows of what it has waited for', async () => {
    meanwhile = [openGate];
    await pool.query(`
      CREATE FUNCTION slow() RETURNS integer LANGUAGE plpgsql AS $$ BEGIN
        WHILE NOT EXISTS (SELECT FROM gate) LOOP PERFORM pg_sleep(0.01); END LOOP;
        RETURN 7;
      END $$`);
    const running = run({
      '0001-reading': {
        up: async (trx) => {
          const { rows } = await sql`SELECT slow()`.execute(trx);
          if (rows.length === 0) await sql`CREATE TABLE made_by_mistake ()`.execute(trx);
        },
      },
    });
    const failure = expect(running).rejects.toMatchObject({ name: 'AnswerLostError' });
    await outlive('SELECT slow()');
    await failure;
    expect(await tables()).toEqual([]);
  });
});

describe('indexes that are built while others write', () => {
  const index = { name: 'rows_word_idx', table: 'rows', by: '(word)' };
  const migration = { '0001-index': { indexes: [index] } };
  const oid = async () =>
    (await pool.query<{ oid: number | null }>("SELECT to_regclass('rows_word_idx')::oid AS oid"))
      .rows[0]?.oid;
  const isValid = async () =>
    (
      await pool.query<{ indisvalid: boolean }>(
        "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('rows_word_idx')",
      )
    ).rows[0]?.indisvalid;

  /** A session that keeps the index from being built: it has written to the table. */
  async function writer() {
    const client = new pg.Client(test.url);
    await client.connect();
    await client.query('BEGIN; INSERT INTO rows VALUES (0)');
    return {
      letGo: async () => {
        await client.query('COMMIT');
        await client.end();
      },
    };
  }

  it('are there, and recorded, once', async () => {
    expect(await run(migration)).toEqual(['0001-index']);
    expect(await isValid()).toBe(true);
    expect(await run(migration)).toEqual([]);
  });

  it('are waited for beyond 45 s, while rows are written', async () => {
    const busy = await writer();
    meanwhile = [() => pool.query('INSERT INTO rows VALUES (1)'), busy.letGo];
    const running = run(migration);
    await outlive('CREATE INDEX CONCURRENTLY');
    expect(await running).toEqual(['0001-index']);
    expect(await isValid()).toBe(true);
  });

  it('that a failure has left invalid are removed and built again', async () => {
    await pool.query('INSERT INTO rows VALUES (1)');
    await expect(
      pool.query('CREATE UNIQUE INDEX CONCURRENTLY rows_word_idx ON rows (word)'),
    ).rejects.toThrow('could not create unique index');
    expect(await isValid()).toBe(false);
    expect(await run(migration)).toEqual(['0001-index']);
    expect(await isValid()).toBe(true);
  });

  it('that an earlier run has begun are waited for, not begun again', async () => {
    const busy = await writer();
    const earlier = new pg.Client(test.url);
    await earlier.connect();
    const building = earlier.query('CREATE INDEX CONCURRENTLY rows_word_idx ON rows (word)');
    const begun = await eventually(async () => {
      const made = await oid();
      expect(made).toBeTypeOf('number');
      return made;
    });
    meanwhile = [async () => {}, busy.letGo];
    expect(await run(migration)).toEqual(['0001-index']);
    await building;
    await earlier.end();
    expect(await oid()).toBe(begun);
  });

  it('that fail after 45 s fail the migration', async () => {
    const busy = await writer();
    await pool.query("UPDATE rows SET word = 'x' WHERE id = 1");
    meanwhile = [busy.letGo];
    const failing = { name: 'rows_word_idx', table: 'rows', by: '((1 / nullif(0, length(word))))' };
    const running = run({ '0001-index': { indexes: [failing] } });
    const failure = expect(running).rejects.toMatchObject({ name: 'FailedUnheardError' });
    await outlive('CREATE INDEX CONCURRENTLY');
    await failure;
  });
});
