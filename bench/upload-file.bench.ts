import { createWriteStream, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { createSellerKey } from '../cli/keys/seller-key.ts';
import { startService } from '../local/service/service.ts';
import { newOrders, type SentOrder } from './orders.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Report } from './subject.ts';
import { table } from './table.ts';
import { buildCommand, type RunningCommand, startUpload } from './upload-file-command.ts';

/** Some 1 GB. */
const ORDERS = 2_500_000;
/** What the command takes by default, nearly. */
const ORDERS_PER_REQUEST = 5_000;
const PARALLEL = 4;
const KILLS = 20;
/** Of the file that is sent with all those kills, as a share of the other. */
const KILLED_SHARE = 0.1;

/**
 * The command `order-analytics upload` with a large file: how fast it is beside a program that
 * does nothing but send the same orders, how much memory it has at most, and that nothing is lost
 * or sent twice when it is killed at random moments.
 */
export async function bench(bench: Bench): Promise<Report> {
  const orders = bench.orders ?? ORDERS;
  const service = bench.use(await startService({ dataDir: join(bench.folder, 'data') }));
  const { api } = service.endpoints;
  const keyOf = (user: string) => createSellerKey(service.endpoints, user);

  const program = buildCommand(join(bench.folder, 'command.mjs'));
  const file = join(bench.folder, 'orders.ndjson');
  const cents = await writeOrders(file, orders);
  const megabytes = Math.round(statSync(file).size / 1e6);
  const driver = await sendAll(api, await keyOf('driver'), orders);
  const sent = await startUpload(program, file, { api, key: await keyOf('command') }).ended;
  checkSent(sent.report, orders, cents);

  const killed = join(bench.folder, 'killed.ndjson');
  const killedOrders = Math.max(1_000, Math.round(orders * KILLED_SHARE));
  const killedCents = await writeOrders(killed, killedOrders);
  const target = { api, key: await keyOf('killed') };
  const aliveMs = (sent.durationMs * KILLED_SHARE) / 5;
  let kills = 0;
  while (kills < KILLS) {
    const isKilled = await killAtRandom(startUpload(program, killed, target), aliveMs);
    if (!isKilled) break; // it was done before
    kills += 1;
  }
  checkSent((await startUpload(program, killed, target).ended).report, killedOrders, killedCents);

  const rate = (durationMs: number) => Math.round(orders / (durationMs / 1_000));
  const figures = [
    { name: 'raw driver', p50: rate(driver), p95: rate(driver), peakMb: undefined },
    {
      name: 'command',
      p50: rate(sent.durationMs),
      p95: rate(sent.durationMs),
      peakMb: sent.peakMb,
    },
  ];
  bench.print(table(figures));
  bench.print(`\norders a second, ${megabytes} MB; killed ${kills} times: equal to the cent`);
  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: { orders },
    unit: 'orders/s',
    figures,
    megabytes,
    kills,
  };
}

/** A file of orders, a line each; what they come to, in cents. */
async function writeOrders(file: string, count: number): Promise<number> {
  let cents = 0;
  function* texts() {
    for (const orders of batches(count)) {
      for (const { total_amount } of orders) cents += Math.round(total_amount * 100);
      yield orders.map((order) => `${JSON.stringify(order)}\n`).join('');
    }
  }
  await pipeline(Readable.from(texts()), createWriteStream(file));
  return cents;
}

function* batches(count: number): Generator<SentOrder[]> {
  for (let left = count; left > 0; left -= ORDERS_PER_REQUEST) {
    yield newOrders(Math.min(left, ORDERS_PER_REQUEST));
  }
}

/** Sends as many orders as they are made, and nothing else; how long that took, in ms. */
async function sendAll(api: string, key: string, count: number): Promise<number> {
  const startedMs = performance.now();
  const left = batches(count);
  const send = async () => {
    for (const orders of left) {
      const response = await fetch(`${api}/api/orders/upload`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/octet-stream',
          'content-encoding': 'gzip',
        },
        body: gzipSync(JSON.stringify({ user: 'driver', orders })),
      });
      if (!response.ok) throw new Error(await response.text());
      await response.text();
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, send));
  return performance.now() - startedMs;
}

/** Whether it was still running at a moment up to that. */
async function killAtRandom(command: RunningCommand, upToMs: number): Promise<boolean> {
  const timer = setTimeout(command.kill, Math.random() * upToMs);
  const { wasKilled } = await command.ended;
  clearTimeout(timer);
  return wasKilled;
}

function checkSent(report: Record<string, unknown>, orders: number, cents: number): void {
  const total = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  const { orders_count, total_revenue, as_expected } = report;
  if (orders_count === orders && total_revenue === total && as_expected === true) return;
  throw new Error(
    `The service does not have ${orders} orders of ${total}: ${JSON.stringify(report)}`,
  );
}
