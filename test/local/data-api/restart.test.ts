import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeData } from '../../../local/postgres/paths.ts';
import { type PostgresServer, startPostgres } from '../../../local/postgres/server.ts';
import { type StandIn, startStandIn, target } from './stand-in.ts';

let folder: string;
let postgres: PostgresServer;
let standIn: StandIn;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'order-analytics-restart-'));
  postgres = await startPostgres({
    dataDir: join(folder, 'postgres'),
    settings: { fsync: 'off' },
  });
  const { user: username, password } = postgres;
  standIn = await startStandIn({
    postgres,
    named: 'postgres',
    secrets: [{ secretArn: target.secretArn, username, password }],
  });
});
afterAll(async () => {
  await standIn.stop();
  await postgres[Symbol.asyncDispose]();
  removeData(join(folder, 'postgres'));
  rmSync(folder, { recursive: true });
});

describe('a server that is killed', () => {
  it('makes the database unavailable until it is back, and loses nothing committed', async () => {
    await standIn.execute('CREATE TABLE kept AS SELECT 1 AS id');
    const transaction = await standIn.begin();
    await standIn.execute('INSERT INTO kept VALUES (2)', [], transaction);
    const killed = postgres.pid;
    process.kill(killed, 'SIGKILL');

    const failures = new Set<string>();
    for (;;) {
      const failure = await standIn.execute('SELECT 1').then(
        () => undefined,
        (error) => error,
      );
      if (!failure && postgres.pid !== killed) break;
      if (failure) failures.add(`${failure.name} ${failure.$metadata.httpStatusCode}`);
    }
    expect([...failures]).toEqual(['DatabaseUnavailableException 504']);
    expect(await standIn.column('SELECT id FROM kept')).toEqual([1]);
    await expect(
      standIn.client.commitTransaction({ ...target, ...transaction }),
    ).rejects.toMatchObject({ name: 'TransactionNotFoundException' });
  });
});
