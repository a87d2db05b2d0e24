import { join } from 'node:path';
import { table } from '../cli/markdown-table.ts';
import { startService } from '../local/service/service.ts';
import { quantile } from './measure.ts';
import { changedOrders, newOrders, type SentOrder } from './orders.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Report } from './subject.ts';
import { invokeUpload } from './upload-invocation.ts';

const SELLER = 'test_seller';
const ROUNDS = 40;
const WARM_UP = 10;
const MANY = 1_000;
/**
 * How often what takes little is done in a round: CPU time is counted to the kernel's next tick.
 */
const SINGLE_UPLOADS = 20;
const PARSINGS = 20;

/** For its memory, after all others. */
const MOST_ORDERS = 10_000;

/**
 * How much CPU time the upload function takes for new orders, the same and changed ones, with all
 * threads of its process, beside `JSON.parse` of the same body, by turns. What it waits for counts
 * for nothing, and what else the machine does for little.
 */
export async function bench({ folder, print, use }: Bench): Promise<Report> {
  const service = use(await startService({ dataDir: join(folder, 'data') }));
  const invoke = invokeUpload(service, SELLER);
  const bodyOf = (orders: readonly SentOrder[]) => JSON.stringify({ user: SELLER, orders });
  const newBody = (count: number) => bodyOf(newOrders(count));

  let usedMs = (await invoke(newBody(1))).cpuMs;
  const upload = async (body: string) => {
    const before = usedMs;
    usedMs = (await invoke(body)).cpuMs;
    return usedMs - before;
  };

  const many: number[] = [];
  const identical: number[] = [];
  const changed: number[] = [];
  const single: number[] = [];
  const parsing: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const orders = newOrders(MANY);
    const body = bodyOf(orders);
    const manyMs = await upload(body);
    const identicalMs = await upload(body);
    const changedMs = await upload(bodyOf(changedOrders(orders)));
    let singlesMs = 0;
    for (let i = 0; i < SINGLE_UPLOADS; i++) singlesMs += await upload(newBody(1));
    const parsingsMs = ownCpuMs(() => {
      for (let i = 0; i < PARSINGS; i++) JSON.parse(body);
    });
    if (round < 0) continue; // warms up
    many.push(manyMs);
    identical.push(identicalMs);
    changed.push(changedMs);
    single.push(singlesMs / SINGLE_UPLOADS);
    parsing.push(parsingsMs / PARSINGS);
  }
  const figures = Object.entries({
    [`an upload of ${MANY.toLocaleString('en-US')}`]: many,
    'the same again': identical,
    'the same, changed': changed,
    'an upload of 1': single,
    [`JSON.parse of ${MANY.toLocaleString('en-US')}`]: parsing,
  }).map(([name, samples]) => ({
    name,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    mean: mean(samples),
  }));
  print(table(figures));
  const timesParsing = mean(many) / mean(parsing);
  print(`\nms of CPU; ${timesParsing.toFixed(1)} times what JSON.parse takes`);

  const { maxRssBytes } = await invoke(newBody(MOST_ORDERS));
  const peakMemoryMb = maxRssBytes / 2 ** 20;
  print(`${peakMemoryMb.toFixed(0)} MB at most, an upload of ${MOST_ORDERS} included`);
  return {
    postgres: await serverVersion(service.endpoints.postgres),
    rowCounts: { itemsPerOrder: 3 },
    unit: 'ms',
    figures,
    timesParsing,
    peakMemoryMb,
  };
}

function ownCpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const mean = (samples: readonly number[]) => samples.reduce((a, b) => a + b, 0) / samples.length;
