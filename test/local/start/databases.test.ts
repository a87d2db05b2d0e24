import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { startPostgres } from '../../../local/postgres/server.ts';
import { createDatabases } from '../../../local/start/databases.ts';
import { useDataFolder } from './temporary-folder.ts';

const data = useDataFolder();

describe('createDatabases', () => {
  it('makes the databases and roles of the templates, and again without harm', async () => {
    await using parts = new AsyncDisposableStack();
    const postgres = await startPostgres({ dataDir: data.postgres, settings: { fsync: 'off' } });
    parts.defer(() => postgres.stop());
    const names = {
      clusters: [{ databaseName: 'order "analytics"' }],
      secrets: [
        { secretArn: 'arn:master', username: 'postgres' },
        { secretArn: 'arn:stats', username: 'stats' },
      ],
    };
    await createDatabases(postgres, names);
    const [master, stats] = await createDatabases(postgres, names);
    expect(master).toEqual({
      secretArn: 'arn:master',
      username: 'postgres',
      password: postgres.password,
    });

    const client = new pg.Client({
      host: postgres.host,
      port: postgres.port,
      user: stats?.username,
      password: stats?.password,
      database: 'order "analytics"',
    });
    await client.connect();
    parts.defer(() => client.end());
    const { rows } = await client.query(
      'SELECT rolname, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user',
    );
    expect(rows).toEqual([{ rolname: 'stats', rolsuper: false, rolcreaterole: false }]);
  });
});
