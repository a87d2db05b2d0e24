import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { startPostgres } from '../../../local/postgres/server.ts';
import { createDatabases, generateSecrets } from '../../../local/start/databases.ts';
import { useDataFolder } from './temporary-folder.ts';

const data = useDataFolder();

describe('createDatabases', () => {
  it('makes the databases of the templates, and again without harm', async () => {
    await using parts = new AsyncDisposableStack();
    const postgres = await startPostgres({ dataDir: data.postgres, settings: { fsync: 'off' } });
    parts.defer(() => postgres.stop());
    const clusters = [{ databaseName: 'order "analytics"' }];
    await createDatabases(postgres, clusters);
    await createDatabases(postgres, clusters);

    const client = new pg.Client(postgres.url(encodeURIComponent('order "analytics"')));
    await client.connect();
    parts.defer(() => client.end());
    const { rows } = await client.query('SELECT current_database() AS name');
    expect(rows).toEqual([{ name: 'order "analytics"' }]);
  });
});

describe('generateSecrets', () => {
  it("holds the owner's password, a new one for every other login, and nothing else", () => {
    const secrets = [
      { secretArn: 'arn:owner', username: 'postgres' },
      { secretArn: 'arn:stats', username: 'stats_1' },
      { secretArn: 'arn:other', username: undefined },
    ];
    const generate = () => generateSecrets({ user: 'postgres', password: 'kept' }, secrets);
    const [owner, stats, ...others] = generate();
    expect(owner).toEqual({ secretArn: 'arn:owner', username: 'postgres', password: 'kept' });
    expect(stats).toMatchObject({ secretArn: 'arn:stats', username: 'stats_1' });
    expect(stats?.password).not.toBe(generate()[1]?.password);
    expect(others).toEqual([]);
  });
});
