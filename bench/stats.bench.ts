import { join } from 'node:path';
import pg from 'pg';
import { keyHeader } from '../cli/keys/seller-key.ts';
import { type Row, table } from '../cli/markdown-table.ts';
import { type Service, startService } from '../local/service/service.ts';
import { quantile, timeMs } from './measure.ts';
import { serverVersion } from './server-version.ts';
import { addOrders, addSellersDay } from './stats-orders.ts';
import type { Bench, Figure, Report } from './subject.ts';

/**
 * The p50 in ms that the public Django solution takes for a seller of so many orders,
 * one request at a time.
 */
const DJANGO_P50_MS: Readonly<Record<number, number>> = {
  1000: 5.6,
  100000: 18,
  1000000: 70,
};

const SIZES = [1_000, 100_000, 1_000_000, 5_000_000];
const ROUNDS = 300;
const DAY_SELLERS = 1_000;
const DAY_ORDERS = 100_000;

/**
 * Statistics over HTTP as a seller's orders grow, one request at a time, and the nightly function
 * over a large day and over a year. Orders are made in SQL, without items, which neither reads.
 */
export async function bench({ folder, print, atEnd, use }: Bench): Promise<Report> {
  const service = use(await startService({ dataDir: join(folder, 'data') }));
  const db = new pg.Client(service.endpoints.postgres);
  await db.connect();
  atEnd(() => db.end());

  const figures: (Figure & Row)[] = [];
  for (const size of SIZES) {
    await addOrders(db, 'seller', size);
    const django = DJANGO_P50_MS[size];
    figures.push({ ...(await measure(service, 'stats', size, '')), django });
    figures.push(await measure(service, 'stats/daily, a year', size, '/daily'));
  }
  print(table(figures));
  print(growth(figures, 'stats'));
  print(growth(figures, 'stats/daily, a year'));

  await addSellersDay(db, '2026-01-15', DAY_SELLERS, DAY_ORDERS);
  const runs = [
    await nightly(service, `a day of ${DAY_ORDERS} orders`, '2026-01-15', '2026-01-16'),
    await nightly(service, 'a year of 5000000 orders', '2025-01-01', '2026-01-01'),
  ];
  print(`\n${table(runs)}`);
  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: { orders: SIZES.at(-1)! + DAY_ORDERS },
    unit: 'ms',
    figures: [...figures, ...runs],
  };
}

/** Asks `ROUNDS` times for a seller's figures, after checking them and warming up. */
async function measure(
  { endpoints }: Service,
  name: string,
  orders: number,
  path: '' | '/daily',
): Promise<Figure & Row> {
  const period = path ? '&from=2025-01-01&to=2026-01-01' : '';
  const url = `${endpoints.api}/api/orders/stats${path}?user=seller${period}`;
  const headers = await keyHeader(endpoints, 'seller');
  const ask = async () => {
    const response = await fetch(url, { headers });
    return (await response.json()) as { orders_count: number; days: { orders_count: number }[] };
  };
  const answer = await ask();
  const counted = path
    ? answer.days.reduce((sum, day) => sum + day.orders_count, 0)
    : answer.orders_count;
  if (counted !== orders) throw new Error(`${name} counts ${counted} of ${orders} orders.`);

  for (let i = 0; i < 100; i++) await ask();
  const samples: number[] = [];
  for (let i = 0; i < ROUNDS; i++) samples.push(await timeMs(ask));
  return { name, orders, p50: quantile(samples, 0.5), p95: quantile(samples, 0.95) };
}

function growth(figures: readonly Figure[], name: string): string {
  const own = figures.filter((figure) => figure.name === name);
  const ratio = own.at(-1)!.p50 / own[0]!.p50;
  return `${name}: ${ratio.toFixed(2)} times the time at 5,000 times the orders`;
}

/** Lets the nightly function compute a period three times: its time, its memory, its statements. */
async function nightly(
  service: Service,
  name: string,
  from: string,
  to: string,
): Promise<Figure & Row> {
  const { target } = service.app.schedules[0]!;
  const statements = () => service.dataApi.counters.read().ExecuteStatement.calls;
  const before = statements();
  const samples: number[] = [];
  let memoryMb = 0;
  const rounds = 3;
  for (let i = 0; i < rounds; i++) {
    samples.push(
      await timeMs(async () => {
        const invocation = await service.invoke(target, { from, to });
        if (!invocation.ok) throw new Error(invocation.error.errorMessage);
        const { status, drift_found } = JSON.parse(invocation.json);
        if (status !== 'succeeded' || drift_found !== 0) throw new Error(invocation.json);
        memoryMb = Math.round(invocation.maxRssBytes / 2 ** 20);
      }),
    );
  }
  return {
    name,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    statements: (statements() - before) / rounds,
    memoryMb,
  };
}
