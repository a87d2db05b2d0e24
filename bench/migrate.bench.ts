import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import pg from 'pg';
import { type Row, table } from '../cli/markdown-table.ts';
import { connect } from '../db/data-api/connect.ts';
import { connectPatiently } from '../db/data-api/patient.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { migrations } from '../db/migrations/index.ts';
import type { Database } from '../db/schema.ts';
import type { SchemaMigration } from '../db/schema-migration.ts';
import { clusterArn, LOCAL_REGION, localEnvironment, secretArn } from '../local/aws/account.ts';
import { startDataApi } from '../local/data-api/server.ts';
import { startPostgres } from '../local/postgres/server.ts';
import { quantile, timeMs } from './measure.ts';
import { newOrders } from './orders.ts';
import { serverVersion } from './server-version.ts';
import { addOrders } from './stats-orders.ts';
import type { Bench, Figure, Report } from './subject.ts';
import { type Contender, overPg } from './upload-contenders.ts';

const address = { resourceArn: clusterArn('bench'), secretArn: secretArn('bench') };
const DATABASE = 'bench';
const STORED_ORDERS = 2_000_000;
const UPLOADED_ORDERS = 100;
/** Longer than the Data API waits for a statement. */
const LONG_S = 50;
const QUIET_UPLOADS = 100;

/** What migrations are tried that take long, and what uploads are sent meanwhile. */
const LONG: Readonly<Record<string, SchemaMigration>> = {
  '9001-statement': {
    up: async (trx) => {
      await sql`SELECT pg_sleep(${sql.lit(LONG_S)})`.execute(trx);
      await sql`CREATE TABLE made_after_it ()`.execute(trx);
    },
  },
  '9002-index': {
    indexes: [{ name: 'orders_bench_idx', table: 'orders', by: '(search_text(order_number), id)' }],
  },
};

/**
 * A statement of 50 s and an index over 2 million orders, with the real limit of 45 s, beside a
 * stream of uploads.
 */
export async function bench({ folder, print, atEnd, use }: Bench): Promise<Report> {
  const server = use(await startPostgres({ dataDir: join(folder, 'postgres') }));
  const admin = new pg.Client(server.url());
  await admin.connect();
  await admin.query(`CREATE DATABASE ${DATABASE}`);
  await admin.end();
  const { user: username, password } = server;
  const dataApi = use(
    await startDataApi({
      postgres: server,
      region: LOCAL_REGION,
      clusters: [address],
      secrets: [{ secretArn: address.secretArn, username, password }],
    }),
  );
  Object.assign(process.env, {
    ...localEnvironment(),
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
  });
  await migrateToLatest(connect({ ...address, database: DATABASE }));

  const client = new pg.Client(server.url(DATABASE));
  await client.connect();
  atEnd(() => client.end());
  const fillMs = await timeMs(() => addOrders(client, 'stored', STORED_ORDERS));
  print(`${STORED_ORDERS.toLocaleString('en-US')} orders in ${(fillMs / 1000).toFixed(0)} s`);

  const uploader = overPg(server.url(DATABASE), 1);
  atEnd(() => uploader.close());
  let left = QUIET_UPLOADS;
  const figures = [figure('nothing', await uploadWhile(uploader, () => left-- > 0))];
  const db = connectPatiently({ ...address, database: DATABASE });
  atEnd(() => db.destroy());
  for (const name of Object.keys(LONG)) figures.push(await beside(db, name, uploader));
  await check(client);
  print(table(figures));
  return {
    postgres: await serverVersion(server.url()),
    rowCounts: { orders: STORED_ORDERS, ordersAnUpload: UPLOADED_ORDERS },
    unit: 'ms',
    figures,
  };
}

/** Uploads until the migration is done. */
async function beside(db: Kysely<Database>, name: string, uploader: Contender) {
  const known = { ...migrations };
  for (const [one, migration] of Object.entries(LONG)) if (one <= name) known[one] = migration;
  let isRunning = true;
  let ran: string[] = [];
  const migrating = timeMs(async () => {
    try {
      ran = await migrateToLatest(db, known);
    } finally {
      isRunning = false;
    }
  });
  const samples = await uploadWhile(uploader, () => isRunning);
  const seconds = Math.round((await migrating) / 1_000);
  if (ran.join() !== name) throw new Error(`${name} was to run, and ${ran.join()} ran.`);
  return figure(name, samples, seconds);
}

async function uploadWhile(uploader: Contender, goesOn: () => boolean): Promise<number[]> {
  const samples: number[] = [];
  while (goesOn()) {
    const store = await uploader.prepare('uploading', newOrders(UPLOADED_ORDERS));
    samples.push(
      await timeMs(async () => {
        const { created } = await store();
        if (created !== UPLOADED_ORDERS) throw new Error(`${created} orders were created.`);
      }),
    );
  }
  return samples;
}

function figure(beside: string, samples: readonly number[], seconds?: number): Figure & Row {
  return {
    name: `uploads beside ${beside}`,
    'migration s': seconds,
    uploads: samples.length,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    longest: Math.max(...samples),
  };
}

async function check(client: pg.Client): Promise<void> {
  const { rows } = await client.query(
    `SELECT to_regclass('made_after_it') IS NOT NULL AND indisvalid AS is_done
     FROM pg_index WHERE indexrelid = to_regclass('orders_bench_idx')`,
  );
  if (!rows[0]?.is_done) throw new Error('The migrations did not do what they were to do.');
}
