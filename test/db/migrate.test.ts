import path from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrateToLatest } from '../../db/migrate.ts';
import { migrations } from '../../db/migrations/index.ts';
import type { Database } from '../../db/schema.ts';
import { removeData } from '../../local/postgres/places.ts';
import { type PostgresServer, startPostgres } from '../../local/postgres/server.ts';
import { temporaryFolder } from '../lib/temporary-folder.ts';

describe('migrateToLatest', () => {
  const dataDir = path.join(temporaryFolder(), 'data');
  let server: PostgresServer;
  let db: Kysely<Database>;
  beforeAll(async () => {
    server = await startPostgres({ dataDir, settings: { fsync: 'off' } });
    const pool = new pg.Pool({ connectionString: server.url() });
    // `destroy` does not wait for a connection's last byte: the server's stop may end it first.
    pool.on('connect', (connection) => connection.on('error', () => {}));
    db = new Kysely({ dialect: new PostgresDialect({ pool }) });
  }, 60_000);
  afterAll(async () => {
    await db.destroy();
    await server.stop();
    removeData(dataDir);
  });
  beforeEach(async () => {
    await sql`drop schema public cascade`.execute(db);
    await sql`create schema public`.execute(db);
  });

  it('runs every migration on an empty database, and then none', async () => {
    expect(await migrateToLatest(db)).toEqual(Object.keys(migrations));
    expect(await migrateToLatest(db)).toEqual([]);
  });

  it('leaves a schema alone that a later version has brought further', async () => {
    await migrateToLatest(db);
    await markAsRun('9999-of-a-later-version');
    expect(await migrateToLatest(db)).toEqual([]);
  });

  it('refuses a schema that has other migrations instead of its own', async () => {
    await migrateToLatest(db);
    await sql`delete from schema_migrations`.execute(db);
    await markAsRun('0001-of-something-else');
    await expect(migrateToLatest(db)).rejects.toThrow('0001-of-something-else is missing');
  });

  async function markAsRun(name: string) {
    await sql`insert into schema_migrations (name, timestamp) values (${name}, now())`.execute(db);
  }
});
