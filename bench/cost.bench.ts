import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { idleCost } from '../cli/cost/idle.ts';
import { type CostResult, costPage } from '../cli/cost/page.ts';
import { PRICED, PRICES } from '../cli/cost/prices.ts';
import { ASSUMED, byName, type Measured, requestCost, unitsOf } from '../cli/cost/requests.ts';
import { keyHeader } from '../cli/keys/seller-key.ts';
import { table } from '../cli/markdown-table.ts';
import { resourcesOf } from '../cli/templates/assembly.ts';
import { synthesizeStage } from '../cli/templates/synthesize-stage.ts';
import { MAX_BODY_BYTES } from '../functions/upload/body.ts';
import { type Service, startService } from '../local/service/service.ts';
import { answered } from './answered.ts';
import { newOrders } from './orders.ts';
import { cpuBetween, readCpu } from './process-cpu.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Report } from './subject.ts';

const PAGE = join(import.meta.dirname, '../docs/cost.md');
const STAGES = ['dev', 'production'];
const SELLER = 'test_seller';

/** How many uploads of so many orders: enough for processor time, which comes in ticks of 10 ms. */
const UPLOADS = [
  { orders: 1, requests: 300 },
  { orders: 10, requests: 200 },
  { orders: 100, requests: 60 },
  { orders: 1_000, requests: 15 },
];
const LARGEST_UPLOADS = 3;
const READS = 500;
const WARM_UP = 3;

/** What a function's line of a request has. */
interface LogLine {
  readonly service?: string;
  readonly duration_ms?: number;
}

/** What requests take of all that is paid for, and what that costs; writes `docs/cost.md`. */
export async function bench({ folder, print, use, atEnd, whenKept }: Bench): Promise<Report> {
  const idle = await Promise.all(
    STAGES.map(async (stage) => {
      const context = { stage, alarmEmail: 'none' };
      return { stage, assembly: await synthesizeStage(context, new AbortController().signal) };
    }),
  );
  const production = idle.find(({ stage }) => stage === 'production')!.assembly;
  const instances = resourcesOf(production, 'AWS::RDS::DBInstance').length;

  const log: string[] = [];
  const emittedMetrics = new Set<string>();
  const service = use(
    await startService({
      dataDir: join(folder, 'data'),
      functionLog: (line) => {
        log.push(line);
        for (const name of emitted(line)) emittedMetrics.add(name);
      },
      settings: { full_page_writes: 'off' }, // as Aurora, which has no pages to tear
    }),
  );
  const db = new pg.Client(service.endpoints.postgres);
  await db.connect();
  atEnd(() => db.end());
  const measure = measurer(service, db, log);

  const before = await databaseBytes(db);
  const headers = await keyHeader(service.endpoints, SELLER);
  const uploads: Measured[] = [];
  for (const { orders, requests } of UPLOADS) {
    uploads.push(await measure('upload', orders, requests, upload(service, headers, orders)));
  }
  const most = mostOrders();
  uploads.push(await measure('upload', most, LARGEST_UPLOADS, upload(service, headers, most)));
  await db.query('VACUUM ANALYZE');
  const { rows } = await db.query('SELECT count(*)::integer AS count FROM orders');
  const ordersCount: number = rows[0].count;
  const storageBytesAnOrder = ((await databaseBytes(db)) - before) / ordersCount;
  const measured = [
    ...uploads,
    await measure('stats', 0, READS, async () => {
      const url = `${service.endpoints.api}/api/orders/stats?user=${SELLER}`;
      await answered(fetch(url, { headers }));
      return 0;
    }),
  ];

  const million = measured.map((one) => {
    const requests = 1_000_000 / Math.max(one.orders, 1);
    return { name: one.name, usd: byName(requestCost(one, requests, instances)) };
  });
  print(table(million.map(({ name, usd }) => ({ request: name, ...usd }))));
  const found = {
    measured,
    million,
    idle: idle.map(({ stage, assembly }) => ({
      stage,
      lines: idleCost(assembly.stacks.map(({ template }) => template)),
    })),
    instances,
    storageBytesAnOrder,
    emittedMetrics: [...emittedMetrics].sort(),
    routes: resourcesOf(production, 'AWS::ApiGatewayV2::Route').length,
    priced: PRICED,
    prices: PRICES,
    assumed: ASSUMED,
  };
  whenKept((file, at) => {
    const result: CostResult = { ...at, ...found };
    writeFileSync(PAGE, costPage(result, file));
    print('Written: docs/cost.md');
  });
  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: { orders: ordersCount },
    unit: 'USD a million',
    figures: million.map(({ name, usd }) => {
      const together = usd.together ?? Number.NaN;
      return { name, p50: together, p95: together };
    }),
    ...found,
  };
}

/** What a request takes, as the mean of many of them, one at a time. */
function measurer(service: Service, db: pg.Client, log: string[]) {
  return async (
    folder: string,
    orders: number,
    requests: number,
    send: () => Promise<number>,
  ): Promise<Measured> => {
    for (let i = 0; i < WARM_UP; i++) await send();
    log.length = 0;
    service.dataApi.counters.reset();
    const wal = await walBytes(db);
    const cpu = readCpu(process.pid);
    let sentBytes = 0;
    const seen: number[] = [];
    for (let i = 0; i < requests; i++) {
      const startedAt = performance.now();
      sentBytes += await send();
      seen.push(performance.now() - startedAt);
    }
    const cpuAfter = readCpu(process.pid);
    if (!cpu || !cpuAfter) throw new Error('Only Linux tells the processor time of PostgreSQL.');
    const counts = Object.values(service.dataApi.counters.read());
    const calls = counts.reduce((sum, one) => sum + one.calls, 0);
    const bytes = counts.reduce((sum, one) => sum + one.bytesIn + one.bytesOut, 0);
    const lines = log.filter((line) => parsed(line).service === folder);
    const logged = lines.flatMap((line) => parsed(line).duration_ms ?? []);
    if (orders > 0 && logged.length !== requests) {
      throw new Error(`Of ${requests} uploads ${logged.length} are in the log.`);
    }
    const durations = logged.length > 0 ? logged : seen; // a function that reads logs nothing
    return {
      name: orders > 0 ? `upload of ${orders.toLocaleString('en-US')}` : 'statistics',
      orders,
      requests,
      sentBytes: sentBytes / requests,
      dataApiCalls: calls / requests,
      dataApiUnits: (calls / requests) * unitsOf(bytes / calls, 32 * 1_024),
      lambdaMs: durations.reduce((sum, ms) => sum + Math.ceil(ms), 0) / requests,
      lambdaMb: memoryOf(service, folder),
      logLines: lines.length / requests,
      logBytes: Buffer.byteLength(lines.join('')) / requests,
      databaseCpuMs: cpuBetween(cpu, cpuAfter).backendsMs / requests,
      walBytes: ((await walBytes(db)) - wal) / requests,
    };
  };
}

/** Uploads new orders, as a seller's system does; answers how many bytes it sent. */
function upload({ endpoints: { api } }: Service, key: Record<string, string>, count: number) {
  return async () => {
    const json = bodyOf(count);
    const isLarge = json.length > 1_000_000;
    const body = isLarge ? gzipSync(json) : Buffer.from(json);
    const headers = isLarge
      ? { ...key, 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' }
      : { ...key, 'content-type': 'application/json' };
    const sent = fetch(`${api}/api/orders/upload`, { method: 'POST', headers, body });
    const { orders_created } = JSON.parse(await answered(sent));
    if (orders_created !== count) throw new Error(`${orders_created} of ${count} were created.`);
    return body.length;
  };
}

const bodyOf = (count: number) => JSON.stringify({ user: SELLER, orders: newOrders(count) });

/** As many orders as a body may have, to the thousand. */
function mostOrders(): number {
  const sample = Buffer.byteLength(bodyOf(10_000));
  return Math.floor((10_000 * MAX_BODY_BYTES * 0.98) / sample / 1_000) * 1_000;
}

function memoryOf({ app }: Service, folder: string): number {
  const fn = app.functions.find(
    ({ environment }) => environment.POWERTOOLS_SERVICE_NAME === folder,
  );
  if (!fn) throw new Error(`The app has no function ${folder}.`);
  return fn.memorySizeMb;
}

async function walBytes(db: pg.Client): Promise<number> {
  const { rows } = await db.query(
    `SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes`,
  );
  return rows[0].bytes;
}

async function databaseBytes(db: pg.Client): Promise<number> {
  const { rows } = await db.query('SELECT pg_database_size(current_database())::float8 AS bytes');
  return rows[0].bytes;
}

/** The names of metrics in a line, where it emits some. */
function emitted(line: string): string[] {
  const { _aws } = Object(parsed(line));
  const groups: { Metrics: { Name: string }[] }[] = _aws?.CloudWatchMetrics ?? [];
  return groups.flatMap(({ Metrics }) => Metrics.map(({ Name }) => Name));
}

function parsed(line: string): LogLine {
  try {
    return Object(JSON.parse(line));
  } catch {
    return {};
  }
}
