import pg from 'pg';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startPostgres } from '../../../local/postgres/server.ts';
import { createDatabases, generateSecrets } from '../../../local/service/databases.ts';
import { useDataFolder } from '../../helpers/data-folder.ts';

const data = useDataFolder();
afterEach(() => vi.unstubAllEnvs());

const FOR_OTHER_SERVERS = {
  PGSSLMODE: 'require',
  PGSSLNEGOTIATION: 'direct',
  PGOPTIONS: '-c default_transaction_read_only=on',
  PGHOST: 'nowhere.invalid',
  PGPORT: '1',
  PGUSER: 'nobody',
  PGPASSWORD: 'wrong',
  PGDATA: '/nowhere',
  PGCLIENTENCODING: 'LATIN1',
};

describe('createDatabases', () => {
  it('makes the databases of the templates, and again without harm, whatever the shell has for other servers', async () => {
    for (const [name, value] of Object.entries(FOR_OTHER_SERVERS)) vi.stubEnv(name, value);
    await using parts = new AsyncDisposableStack();
    const postgres = parts.use(
      await startPostgres({ dataDir: data.postgres, settings: { fsync: 'off' } }),
    );
    const clusters = [{ databaseName: 'order "analytics"' }];
    await createDatabases(postgres, clusters);
    await createDatabases(postgres, clusters);
    expect(process.env).toMatchObject(FOR_OTHER_SERVERS);
    vi.unstubAllEnvs();

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
