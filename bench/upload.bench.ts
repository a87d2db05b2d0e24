import { join } from 'node:path';
import pg from 'pg';
import { keyHeader } from '../cli/keys/seller-key.ts';
import { type Row, table } from '../cli/markdown-table.ts';
import { type Service, startService } from '../local/service/service.ts';
import { quantile } from './measure.ts';
import { changedOrders, newOrders, type SentOrder } from './orders.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';
import { byCopy, type Contender, overHttp, overPg } from './upload-contenders.ts';
import { invokeUpload } from './upload-invocation.ts';
import { type Kind, storeAll } from './upload-play.ts';
import { measureStages } from './upload-stages.ts';

const ITEMS_PER_ORDER = 3;
/** Each is a seller of its own. */
const CLIENTS = [1, 4];
const MOST_CLIENTS = 4;

/** How many orders an upload has, and how many uploads a client sends in each of so many rounds. */
const SIZES = [
  { orders: 1, uploads: 40, rounds: 5 },
  { orders: 100, uploads: 8, rounds: 5 },
  { orders: 1_000, uploads: 3, rounds: 5 },
  { orders: 10_000, uploads: 1, rounds: 3 },
];

/**
 * Orders a second of the public Django solution: gunicorn, 2 workers, psycopg2,
 * the same machine type.
 */
const DJANGO: Readonly<Record<string, number>> = {
  '1 × 1 new': 126,
  '1 × 4 new': 174,
  '1000 × 4 new': 3_900,
  '1000 × 4 identical': 2_800,
  '1000 × 4 changed': 2_800,
  '10000 × 1 new': 10_000 / 5.5,
  '10000 × 1 identical': 10_000 / 9.7,
};

/**
 * Uploads end to end over HTTP, beside the same statement straight over `pg` and the same rows by
 * `COPY`, by turns in every round, on a database whose commits wait for the disk.
 */
export async function bench(bench: Bench): Promise<Report> {
  const service = bench.use(await startService({ dataDir: join(bench.folder, 'data') }));
  const db = new pg.Client(service.endpoints.postgres);
  await db.connect();
  bench.atEnd(() => db.end());

  const contenders = await startContenders(bench, service);
  const figures: (Figure & Row)[] = [];
  for (const size of SIZES) {
    for (const clients of CLIENTS) figures.push(...(await measureSize(contenders, size, clients)));
    await db.query('VACUUM ANALYZE orders, order_items, daily_order_stats');
  }
  bench.print(table(figures));
  bench.print('\norders a second; of pg, of COPY, of Django: how many times as fast as that');

  const uploads = [];
  for (const { orders } of SIZES) uploads.push(await measureUpload(service, orders));
  bench.print(`\n${table(uploads)}`);

  const stages = await measureStages(service, newOrders(1_000));
  bench.print(`\nWhere the time of an upload of 1,000 new orders goes:\n\n${table(stages)}`);

  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: { itemsPerOrder: ITEMS_PER_ORDER },
    unit: 'orders/s',
    figures,
    uploads,
    stages,
  };
}

interface Contenders {
  readonly http: Contender;
  readonly pg: Contender;
  readonly copy: Contender;
}

async function startContenders(bench: Bench, { endpoints }: Service): Promise<Contenders> {
  const keys: Record<string, Record<string, string>> = {};
  for (const seller of sellersOf('http')) keys[seller] = await keyHeader(endpoints, seller);
  const contenders = {
    http: overHttp(endpoints.api, keys),
    pg: overPg(endpoints.postgres, MOST_CLIENTS),
    copy: await byCopy(endpoints.postgres, MOST_CLIENTS, sellersOf('copy')),
  };
  for (const contender of Object.values(contenders)) bench.atEnd(() => contender.close());
  return contenders;
}

const sellersOf = (way: keyof Contenders) =>
  Array.from({ length: MOST_CLIENTS }, (_, i) => `${way}_seller_${i + 1}`);

type Samples = Record<keyof Contenders, number[]>;

/** Every round stores new orders, the same again, and changed ones, each way in turn. */
async function measureSize(
  contenders: Contenders,
  { orders, uploads, rounds }: (typeof SIZES)[number],
  clients: number,
): Promise<(Figure & Row)[]> {
  const empty = (): Samples => ({ http: [], pg: [], copy: [] });
  const samples = { new: empty(), identical: empty(), changed: empty() };
  for (let round = -1; round < rounds; round++) {
    for (const way of ['http', 'pg', 'copy'] as const) {
      const fresh = Array.from({ length: clients }, () =>
        Array.from({ length: uploads }, () => newOrders(orders)),
      );
      const changed = fresh.map((sent) => sent.map(changedOrders));
      const play = async (kind: Kind, sent: SentOrder[][][]) => {
        const ordersPerSecond = await storeAll(contenders[way], kind, sellersOf(way), sent);
        if (round >= 0) samples[kind][way].push(ordersPerSecond); // the first round warms up
      };
      await play('new', fresh);
      if (way === 'copy') continue; // it can only add
      await play('identical', fresh);
      await play('changed', changed);
    }
  }
  return Object.entries(samples).map(([kind, { http, pg, copy }]) => {
    const p50 = quantile(http, 0.5);
    const overPg = quantile(pg, 0.5);
    const byCopy = copy.length > 0 ? quantile(copy, 0.5) : undefined;
    const django = DJANGO[`${orders} × ${clients} ${kind}`];
    return {
      name: `${orders} × ${clients} ${kind}`,
      p50,
      p95: quantile(http, 0.05),
      pg: overPg,
      COPY: byCopy,
      'of pg': p50 / overPg,
      'pg of COPY': byCopy && overPg / byCopy,
      'of Django': django && p50 / django,
    };
  });
}

/** One upload's calls and bytes at the Data API, and the memory of the process that ran it. */
async function measureUpload(service: Service, orders: number): Promise<Row> {
  const [seller = ''] = sellersOf('http');
  const body = JSON.stringify({ user: seller, orders: newOrders(orders) });
  service.dataApi.counters.reset();
  const { maxRssBytes } = await invokeUpload(service, seller)(body);
  const counts = Object.values(service.dataApi.counters.read());
  const sum = (pick: (counts: { calls: number; bytesIn: number }) => number) =>
    counts.reduce((total, each) => total + pick(each), 0);
  return {
    'orders in the upload': orders,
    'body, MB': body.length / 1e6,
    calls: sum(({ calls }) => calls),
    'request bytes, MB': sum(({ bytesIn }) => bytesIn) / 1e6,
    'calls allowed': orders <= 5_000 ? 1 : 2 + Math.ceil(sum(({ bytesIn }) => bytesIn) / 2 ** 22),
    'peak memory, MB': maxRssBytes / 2 ** 20,
  };
}
