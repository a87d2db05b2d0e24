import { chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SecretsManager } from '@aws-sdk/client-secrets-manager';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { keyHeader } from '../../cli/keys/seller-key.ts';
import { removePostgresData } from '../../local/postgres/server.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import { type Service, startService } from '../../local/service/service.ts';
import { eventually } from '../helpers/eventually.ts';
import { order } from '../helpers/orders.ts';
import { copyPostgresData } from '../helpers/postgres-data.ts';
import { startTestService } from '../helpers/service.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

// What docs/operations.md says of a restore to a moment, rehearsed as far as one machine goes: by a
// copy of the running server's files and its write-ahead log until then, as Aurora's storage does.
// What AWS alone can show is how a cluster takes another's name.

const FAST = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

describe('a database that is restored to a moment', () => {
  const folder = temporaryFolder();
  const restoredDir = join(folder, 'restored');
  let service: Service;
  let restored: Service;
  let db: pg.Client;
  let headers: { authorization: string };
  let figures: string;

  beforeAll(async () => {
    service = await startTestService({
      settings: {
        ...FAST,
        archive_mode: 'on',
        archive_command: 'mkdir -p archive && cp %p archive/%f', // in the server's own folder
      },
    });
    db = new pg.Client(service.endpoints.postgres);
    await db.connect();
    headers = await keyHeader(service.endpoints, 'test_seller');
    await upload(service, 'before-the-copy');
    await copyWhileItRuns();
    await upload(service, 'after-the-copy');
    figures = await stats(service);
    const { rows } = await db.query('SELECT clock_timestamp()::text AS moment');

    await rotate('stats'); // the passwords go on, too
    await db.query('DELETE FROM order_items; DELETE FROM daily_order_stats; DELETE FROM orders');
    expect(await stats(service)).not.toBe(figures);
    restored = await startService({
      dataDir: restoredDir,
      assembly: inject('cloud').assembly,
      settings: {
        ...FAST,
        restore_command: `cp ${await archivedUntilNow()}/%f %p`,
        recovery_target_time: rows[0].moment,
        recovery_target_action: 'promote',
      },
    });
  });
  afterAll(async () => {
    await db.end();
    await service[Symbol.asyncDispose]();
    await restored[Symbol.asyncDispose]();
    await removePostgresData(dataFolder(restoredDir).postgres);
  });

  async function dataDirectory(): Promise<string> {
    const { rows } = await db.query('SHOW data_directory');
    return rows[0].data_directory;
  }

  /** Of all files as they are, to be made whole by the log. */
  async function copyWhileItRuns(): Promise<void> {
    const { postgres } = dataFolder(restoredDir);
    await db.query("SELECT pg_backup_start('copy', true)");
    copyPostgresData(join(await dataDirectory(), '..'), postgres);
    const { rows } = await db.query('SELECT labelfile FROM pg_backup_stop(false)');
    const pgData = join(postgres, 'pgdata');
    const { uid, gid } = statSync(join(pgData, 'PG_VERSION'));
    const files = { backup_label: rows[0].labelfile, 'recovery.signal': '' };
    for (const [name, text] of Object.entries(files)) {
      writeFileSync(join(pgData, name), text);
      chownSync(join(pgData, name), uid, gid);
    }
  }

  /** The folder in which the log is then. */
  async function archivedUntilNow(): Promise<string> {
    const { rows } = await db.query('SELECT pg_walfile_name(pg_switch_wal()) AS name');
    await eventually(async () => {
      const { rows: archived } = await db.query('SELECT last_archived_wal FROM pg_stat_archiver');
      expect(archived[0].last_archived_wal >= rows[0].name).toBe(true);
    });
    return join(await dataDirectory(), 'archive');
  }

  async function rotate(name: string): Promise<void> {
    const { secretsManager: endpoint, dataApi, credentials } = service.endpoints;
    const client = new SecretsManager({ endpoint, region: dataApi.region, credentials });
    const fn = service.app.functions.find(
      ({ environment }) => environment.POWERTOOLS_SERVICE_NAME === name,
    );
    await client.rotateSecret({ SecretId: fn?.environment.DATABASE_SECRET_ARN });
    await service.secretsManager.settled();
    client.destroy();
  }

  async function upload(to: Service, order_number: string): Promise<number> {
    const response = await fetch(`${to.endpoints.api}/api/orders/upload`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ user: 'test_seller', orders: [order({ order_number })] }),
    });
    return response.status;
  }

  async function stats(of: Service): Promise<string> {
    const url = `${of.endpoints.api}/api/orders/stats?user=test_seller`;
    return (await fetch(url, { headers })).text();
  }

  it('has every order and figure of that moment, to the byte, for the keys of then', async () => {
    expect(figures).toContain('"orders_count":2');
    expect(await stats(restored)).toBe(figures);
  });

  it('lets functions in, whose passwords have changed since, once the migrate function has run', async () => {
    expect(await upload(restored, 'after-the-restore')).toBe(200);
    expect(await stats(restored)).toContain('"orders_count":3');
  });

  it('is proved by the nightly job', async () => {
    const nightly = restored.app.schedules[0]?.target;
    const run = await restored.invoke(nightly!, { from: '2025-11-12', to: '2025-11-13' });
    expect(run.ok && JSON.parse(run.json)).toMatchObject({ status: 'succeeded', drift_found: 0 });
  });
});
