import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Kysely, type Migration, Migrator, NO_MIGRATIONS, sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../../db/data-api/connect.ts';
import { DATABASE_NAME } from '../../db/data-api/env.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { migrations } from '../../db/migrations/index.ts';
import type { Database } from '../../db/schema.ts';
import type { SchemaMigration } from '../../db/schema-migration.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { untilLockWaits } from '../helpers/lock-waits.ts';
import { schemaDump } from '../helpers/schema-dump.ts';
import { stopBefore } from '../helpers/stop-point.ts';

const ALL = Object.keys(migrations);

let test: TestDatabase;
let connectToEmpty: () => Kysely<Database>;
let empty: Kysely<Database>;
let emptyUrl: string;

beforeAll(async () => {
  test = await createTestDatabase();
  const database = `${test.environment[DATABASE_NAME]}_empty`;
  await test.pg.query(`CREATE DATABASE ${database}`);
  connectToEmpty = () => connect({ ...test.address, database });
  empty = connectToEmpty();
  emptyUrl = Object.assign(new URL(test.url), { pathname: `/${database}` }).href;
});
beforeEach(async () => {
  await sql`DROP SCHEMA public CASCADE`.execute(empty);
  await sql`CREATE SCHEMA public`.execute(empty);
});
afterAll(async () => {
  await test.pg.query(`DROP DATABASE ${test.environment[DATABASE_NAME]}_empty WITH (FORCE)`);
  await test.drop();
});

describe('migrateToLatest', () => {
  it('leads to the schema that db/schema.sql shows (npm run schema rewrites it)', async () => {
    await expect(await schemaDump(test.pg)).toMatchFileSnapshot('../../db/schema.sql');
  });

  it('knows every file of its folder', () => {
    const folder = join(import.meta.dirname, '../../db/migrations');
    const files = readdirSync(folder).filter((file) => file !== 'index.ts');
    expect(ALL.map((name) => `${name}.ts`)).toEqual(files.sort());
  });

  it('leads to the same schema when each migration is taken back and run again', async () => {
    await migrateToLatest(empty);
    const pg = await connectedTo(emptyUrl);
    const schema = await schemaDump(pg);
    const reversible = Object.fromEntries(
      Object.entries(migrations).map(([name, one]) => [name, { up: async () => {}, ...one }]),
    );
    const migrator = new Migrator({
      db: empty,
      provider: { getMigrations: async () => reversible },
      migrationTableName: 'schema_migrations',
      migrationLockTableName: 'schema_migrations_lock',
    });
    const down = await migrator.migrateTo(NO_MIGRATIONS);
    const left = await schemaDump(pg);
    await migrateToLatest(empty);
    const again = await schemaDump(pg);
    await pg.end();
    expect(down.results?.map(({ status }) => status)).toEqual(ALL.map(() => 'Success'));
    expect(left).not.toContain('CREATE TABLE orders');
    expect(left).not.toContain('CREATE OR REPLACE FUNCTION');
    expect(again).toBe(schema);
  });

  it('runs every migration on an empty database, and then none', async () => {
    expect(await migrateToLatest(empty)).toEqual(ALL);
    expect(await migrateToLatest(empty)).toEqual([]);
  });

  it('runs every migration once when ten run at the same time', async () => {
    const few = {
      '0001-table': { up: (db) => db.schema.createTable('t').addColumn('a', 'text').execute() },
      '0002-column': { up: (db) => db.schema.alterTable('t').addColumn('b', 'text').execute() },
      '0003-function': {
        up: (db) => sql`CREATE FUNCTION f() RETURNS integer RETURN 1`.execute(db).then(() => {}),
      },
      '0004-index': { up: (db) => db.schema.createIndex('i').on('t').column('a').execute() },
    } satisfies Record<string, SchemaMigration>;
    const runs = await Promise.all(
      Array.from({ length: 10 }, () => migrateToLatest(connectToEmpty(), few)),
    );
    expect(runs.flat().sort()).toEqual(Object.keys(few));
  });

  it('waits for another run that is at work, and then has nothing to do', async () => {
    const growing = {
      '0001-table': { up: (db) => db.schema.createTable('t').execute() },
      // Who does it a second time finds a column (42701), which is no race for a name.
      '0002-column': { up: (db) => db.schema.alterTable('t').addColumn('c', 'text').execute() },
    } satisfies Record<string, Migration>;
    await migrateToLatest(empty, { '0001-table': growing['0001-table'] });
    const pg = await connectedTo(emptyUrl);
    const stop = await stopBefore(emptyUrl, 'INSERT', 'schema_migrations');
    // Has made the column, and not recorded it.
    const first = migrateToLatest(connectToEmpty(), growing);
    await stop.reached();
    const second = migrateToLatest(connectToEmpty(), growing);
    await untilLockWaits(pg, 1);
    await pg.end();
    await stop.letOn();
    expect(await Promise.allSettled([first, second])).toEqual([
      { status: 'fulfilled', value: ['0002-column'] },
      { status: 'fulfilled', value: [] },
    ]);
  });

  it('leaves a schema alone that a later version has brought further', async () => {
    await migrateToLatest(empty);
    await markAsRun('9999-of-a-later-version');
    expect(await migrateToLatest(empty)).toEqual([]);
  });

  it('refuses a schema that has other migrations instead of its own', async () => {
    await migrateToLatest(empty);
    await sql`DELETE FROM schema_migrations`.execute(empty);
    await markAsRun('0001-of-something-else');
    await expect(migrateToLatest(empty)).rejects.toThrow('0001-of-something-else is missing');
  });
});

async function connectedTo(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

async function markAsRun(name: string) {
  await sql`INSERT INTO schema_migrations (name, timestamp) VALUES (${name}, now())`.execute(empty);
}
