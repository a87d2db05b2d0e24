import { join } from 'node:path';
import pg from 'pg';
import { type Row, table } from '../cli/markdown-table.ts';
import { connect } from '../db/data-api/connect.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { clusterArn, LOCAL_REGION, localEnvironment, secretArn } from '../local/aws/account.ts';
import { startDataApi } from '../local/data-api/server.ts';
import { type PostgresServer, startPostgres } from '../local/postgres/server.ts';
import { quantile, timeMs } from './measure.ts';
import { newOrders } from './orders.ts';
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
};

/**
 * What the admin's indexes on orders and items cost an upload of new orders, and `COPY`, by turns.
 */
export async function bench({ folder, print, atEnd, use }: Bench): Promise<Report> {
  const server = use(await startPostgres({ dataDir: join(folder, 'postgres') }));
  const ways: { name: string; contender: Contender; samples: number[] }[] = [];
  for (const [name, indexes] of Object.entries(DROPPED)) {
    const url = await createDatabase(server, `bench_${ways.length}`, indexes);
    const contenders = [overPg(url, 1), await byCopy(url, 1, ['bench'])];
    contenders.forEach((contender, i) => {
      atEnd(() => contender.close());
      ways.push({ name: `${name}, ${i === 0 ? 'the statement' : 'COPY'}`, contender, samples: [] });
    });
  }
  for (let round = -5; round < ROUNDS; round++) {
    for (const { contender, samples } of ways) {
      const ms = await timeMs(await contender.prepare('bench', newOrders(ORDERS)));
      if (round >= 0) samples.push((ORDERS / ms) * 1_000); // the first rounds warm up
    }
  }
  const figures: (Figure & Row)[] = ways.map(({ name, samples }) => ({
    name,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.05),
  }));
  print(table(figures));
  const [statement, , , , , , bare] = figures.map(({ p50 }) => p50);
  print(
    `\norders a second; with all indexes ${((statement! / bare!) * 100).toFixed(0)} % of without`,
  );
  const rowCounts = { orders: ORDERS * (ROUNDS + 5) };
  return { postgres: await serverVersion(server.url()), rowCounts, unit: 'orders/s', figures };
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
