import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectPatiently } from '../../db/data-api/patient.ts';
import { retrying } from '../../db/data-api/retry.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import type { DataApiServer } from '../../local/data-api/server.ts';
import { startOwnDataApi } from '../helpers/data-api.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { TestClock } from '../helpers/test-clock.ts';

const clock = new TestClock();
let test: TestDatabase;
let dataApi: DataApiServer;
beforeAll(async () => {
  test = await createTestDatabase();
  const own = await startOwnDataApi({ clock });
  dataApi = own.dataApi;
  Object.assign(process.env, own.environment);
});
afterAll(async () => {
  await dataApi[Symbol.asyncDispose]();
  await test.drop();
});

const migration = {
  '0001-table': {
    up: (trx: typeof test.db) => trx.schema.createTable('made').execute(),
  },
};

it('a migration waits for a cluster that takes 40 s to wake up, and then runs once', async () => {
  await test.pg.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  const db = connectPatiently(test.address);
  dataApi.faults.add({ kind: 'resuming', forMs: 40_000 });
  const reasons: string[] = [];
  const begunAt = clock.now();
  const applied = await retrying(() => migrateToLatest(db, migration), {
    deadlineAt: begunAt + 13 * 60_000,
    now: () => clock.now(),
    wait: async (delayMs) => clock.pass(delayMs),
    onRetry: ({ reason }) => reasons.push(reason),
  });
  await db.destroy();
  expect(applied).toEqual(['0001-table']);
  expect(new Set(reasons)).toEqual(new Set(['resuming']));
  expect(clock.now() - begunAt).toBeGreaterThanOrEqual(40_000);
  expect((await test.pg.query('SELECT name FROM schema_migrations')).rows).toEqual([
    { name: '0001-table' },
  ]);
});
