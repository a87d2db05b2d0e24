import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { keyHeader } from '../cli/keys/seller-key.ts';
import { type Row, table } from '../cli/markdown-table.ts';
import { targetOf } from '../cli/target/local.ts';
import { signedRequest } from '../cli/target/signed-request.ts';
import { answered } from './answered.ts';
import { startCheckout, thisCheckout } from './checkout.ts';
import { mean, median, quantile, timeMs } from './measure.ts';
import { changedOrders, newOrders } from './orders.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Report } from './subject.ts';

// Hours of a service's life in one: sellers upload and ask, a person looks at pages, and nothing
// may grow that is not stored.

const MINUTES = 60;
const CLIENTS = 4;
const UPLOADED = 100;
/** Between a client's rounds, as systems ask. */
const PAUSE_MS = 50;
const SAMPLE_MS = 15_000;
/** Garbage waits to be collected: so much more at the end than after a quarter is no growth. */
const MAX_GROWTH = { times: 1.1, bytes: 16 * 2 ** 20 };

/** What the processes of the service have in memory, PostgreSQL's left out. */
interface Memory {
  readonly atMs: number;
  /** The process that has the gateway and the other stand-ins. */
  readonly main: number;
  /** One that runs a function, as the mean of all: how many there are goes up and down. */
  readonly worker: number;
  readonly workers: number;
}

/** @throws when the main process or a worker has more at the end than after a quarter */
export async function bench(given: Bench): Promise<Report> {
  const { minutes = MINUTES, print } = given;
  const endpoints = await startCheckout(given, thisCheckout);
  const startedAt = performance.now();
  const endsAt = startedAt + minutes * 60_000;
  const memory: Memory[] = [];
  const times: number[] = [];

  const client = async (place: number) => {
    const user = `seller_${place}`;
    const headers = await keyHeader(endpoints, user);
    const target = targetOf(endpoints, '');
    const send = (orders: unknown) =>
      answered(
        fetch(`${endpoints.api}/api/orders/upload`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ user, orders }),
        }),
      );
    const read = (path: string) => answered(fetch(endpoints.api + path, { headers }));
    while (performance.now() < endsAt) {
      const orders = newOrders(UPLOADED);
      times.push(await timeMs(() => send(orders)));
      await send(orders);
      await send(changedOrders(orders));
      await read(`/api/orders/stats?user=${user}`);
      await read(`/api/orders?user=${user}&limit=100`);
      await read(`/api/orders/changes?user=${user}&limit=100`);
      await answered(signedRequest(target, { method: 'GET', path: '/admin/orders' }));
      await delay(PAUSE_MS);
    }
  };
  const watching = async () => {
    while (performance.now() < endsAt) {
      await delay(SAMPLE_MS);
      memory.push({ atMs: performance.now() - startedAt, ...memoryOf(endpoints.pid) });
    }
  };
  await Promise.all([...Array.from({ length: CLIENTS }, (_, i) => client(i)), watching()]);

  print(table(quarters(memory, minutes)));
  const growth = { main: growthOf(memory, 'main'), worker: growthOf(memory, 'worker') };
  print(`\nMB, medians; ${times.length * 7} requests of ${CLIENTS} clients`);
  for (const [part, { first, last }] of Object.entries(growth)) {
    if (last > MAX_GROWTH.times * first + MAX_GROWTH.bytes) {
      throw new Error(`The memory of a ${part} process grew from ${mb(first)} to ${mb(last)} MB.`);
    }
  }
  return {
    postgres: await serverVersion(endpoints.postgres),
    rowCounts: { orders: times.length * UPLOADED },
    unit: 'ms',
    figures: [
      {
        name: `an upload of ${UPLOADED} new orders`,
        p50: quantile(times, 0.5),
        p95: quantile(times, 0.95),
      },
    ],
    minutes,
    memory,
  };
}

/** What grew, in bytes: the median of the second quarter, and that of the last. */
function growthOf(memory: readonly Memory[], part: 'main' | 'worker') {
  const quarter = (i: number) => median(quarterOf(memory, i).map((sample) => sample[part]));
  return { first: quarter(1), last: quarter(3) };
}

function quarterOf(memory: readonly Memory[], i: number): readonly Memory[] {
  return memory.slice((memory.length * i) / 4, (memory.length * (i + 1)) / 4);
}

function quarters(memory: readonly Memory[], minutes: number): Row[] {
  return [0, 1, 2, 3].map((i) => {
    const samples = quarterOf(memory, i);
    return {
      minutes: `${Math.round((minutes * i) / 4)} to ${Math.round((minutes * (i + 1)) / 4)}`,
      main: mb(median(samples.map(({ main }) => main))),
      'a worker': mb(median(samples.map(({ worker }) => worker))),
      workers: median(samples.map(({ workers }) => workers)),
    };
  });
}

const mb = (bytes: number) => Math.round(bytes / 2 ** 20);

/** Of Linux, which tells in `/proc`. @throws where there is none */
function memoryOf(pid: number): Omit<Memory, 'atMs'> {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  const workers = children.filter((child) => {
    const environment = readText(`/proc/${child}/environ`);
    return environment.split('\0').some((entry) => entry.startsWith('AWS_LAMBDA_FUNCTION_NAME='));
  });
  return {
    main: residentBytes(`${pid}`),
    worker: mean(workers.map(residentBytes)) ?? 0,
    workers: workers.length,
  };
}

function residentBytes(pid: string): number {
  const [, kb = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(readText(`/proc/${pid}/status`)) ?? [];
  return Number(kb) * 1_024;
}

/** Empty of a process that has ended meanwhile. */
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
