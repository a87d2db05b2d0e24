import { join } from 'node:path';
import pg from 'pg';
import { type Row, table } from '../cli/markdown-table.ts';
import { connect } from '../db/data-api/connect.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { storeBatch } from '../db/uploads/store-batch.ts';
import { clusterArn, LOCAL_REGION, localEnvironment, secretArn } from '../local/aws/account.ts';
import { startDataApi } from '../local/data-api/server.ts';
import { type PostgresServer, startPostgres } from '../local/postgres/server.ts';
import { quantile, timeMs } from './measure.ts';
import { changedOrders, newOrders, type SentOrder } from './orders.ts';
import { processMs } from './process-cpu.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';
import { byCopy, type Contender, overPg } from './upload-contenders.ts';

const address = { resourceArn: clusterArn('bench'), secretArn: secretArn('bench') };
const ORDERS = 1_000;
const ROUNDS = 40;

/** What only the admin needs, and which of it is dropped in each database. */
const SEARCH = [
  'order_items_search_idx',
  'orders_number_search_idx',
  'orders_number_last_word_idx',
  'orders_number_middle_word_idx',
];
const CHANGED = ['orders_last_changed_at_id_idx'];
const ALL = ['orders_created_at_id_idx', 'orders_total_amount_id_idx', ...CHANGED, ...SEARCH];
const DROPPED: Readonly<Record<string, readonly string[]>> = {
  'all indexes': [],
  'without last changed': CHANGED,
  'without words': SEARCH,
  'without all seven': ALL,
  'without words of items': ['order_items_search_idx'],
};

/** One way to store orders in one of the databases, and what it took each time. */
interface Way {
  readonly name: string;
  readonly contender: Contender;
  readonly database: string;
  readonly samples: number[];
  readonly cpuMs: { readonly new: number[]; readonly changed: number[] };
}

/**
 * What the admin's indexes on orders and items cost an upload, and `COPY` of new orders, by turns:
 * orders a second, and the processor time of PostgreSQL's backends.
 */
export async function bench({ folder, print, atEnd, use }: Bench): Promise<Report> {
  const server = use(await startPostgres({ dataDir: join(folder, 'postgres') }));
  const ways: Way[] = [];
  for (const [name, indexes] of Object.entries(DROPPED)) {
    const database = `bench_${ways.length}`;
    const url = await createDatabase(server, database, indexes);
    const contenders = [overPg(url, 1), await byCopy(url, 1, ['bench'])];
    contenders.forEach((contender, i) => {
      atEnd(() => contender.close());
      const cpuMs = { new: [], changed: [] };
      const way = `${name}, ${i === 0 ? 'the statement' : 'COPY'}`;
      ways.push({ name: way, contender, database, samples: [], cpuMs });
    });
  }
  const db = new pg.Client(server.url());
  await db.connect();
  atEnd(() => db.end());

  for (let round = -5; round < ROUNDS; round++) {
    for (const { name, contender, database, samples, cpuMs } of ways) {
      const orders = newOrders(ORDERS);
      const store = async (sent: readonly SentOrder[], cpuSamples: number[]) => {
        const storeOnce = await contender.prepare('bench', sent);
        const before = await backendsMs(db, database);
        const ms = await timeMs(storeOnce);
        if (round >= 0) cpuSamples.push((await backendsMs(db, database)) - before);
        return ms;
      };
      const ms = await store(orders, cpuMs.new);
      if (round >= 0) samples.push((ORDERS / ms) * 1_000); // the first rounds warm up
      if (!name.endsWith('COPY')) await store(changedOrders(orders), cpuMs.changed);
    }
  }
  const figures: (Figure & Row)[] = ways.map(({ name, samples, cpuMs }) => ({
    name,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.05),
    'new, ms of CPU': quantile(cpuMs.new, 0.5),
    'changed, ms of CPU': cpuMs.changed.length > 0 ? quantile(cpuMs.changed, 0.5) : undefined,
  }));
  print(table(figures));
  const [statement, , , , , , bare] = figures.map(({ p50 }) => p50);
  print(
    `\norders a second; with all indexes ${((statement! / bare!) * 100).toFixed(0)} % of without`,
  );
  const rowCounts = { orders: ORDERS * (ROUNDS + 5) };
  return { postgres: await serverVersion(server.url()), rowCounts, unit: 'orders/s', figures };
}

/** What the connections to a database have used so far. */
async function backendsMs(db: pg.Client, database: string): Promise<number> {
  const { rows } = await db.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE datname = $1 AND backend_type = 'client backend'",
    [database],
  );
  return rows.reduce((sum, { pid }) => sum + processMs(pid), 0);
}

/** Migrated, without some indexes. */
async function createDatabase(
  server: PostgresServer,
  database: string,
  dropped: readonly string[],
): Promise<string> {
  const admin = new pg.Client(server.url());
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.end();
  await using dataApi = await startedDataApi(server, database);
  await migrateToLatest(dataApi.db);
  await storeBatch.create().execute(dataApi.db); // which `overPg` calls
  const client = new pg.Client(server.url(database));
  await client.connect();
  for (const index of dropped) await client.query(`DROP INDEX ${index}`);
  await client.end();
  return server.url(database);
}

async function startedDataApi(server: PostgresServer, database: string) {
  const { user: username, password } = server;
  const dataApi = await startDataApi({
    postgres: server,
    region: LOCAL_REGION,
    clusters: [address],
    secrets: [{ secretArn: address.secretArn, username, password }],
  });
  Object.assign(process.env, {
    ...localEnvironment(),
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
  });
  return { ...dataApi, db: connect({ ...address, database }) };
}
