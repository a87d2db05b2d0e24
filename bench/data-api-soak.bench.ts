import { RDSData } from '@aws-sdk/client-rds-data';
import pg from 'pg';
import { table } from '../cli/markdown-table.ts';
import { CREATE_ACCOUNTS, type TransferEnd, totals, transfer } from '../fixtures/transfers.ts';
import { startDataApiThread } from './data-api-thread.ts';
import { quantile } from './measure.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Report } from './subject.ts';

// As many transactions at a time as the stand-in has sessions, for a minute:
// no session is lost, memory does not grow, nothing is left open at the end.

const AT_A_TIME = 64;
const DURATION_MS = 60_000;
const WARM_UP_MS = 10_000;
const MAX_GROWTH_BYTES = 8e6;

export async function bench(bench: Bench): Promise<Report> {
  const dataApi = await startDataApiThread(bench);
  const admin = new pg.Client(dataApi.server.url());
  await admin.connect();
  bench.atEnd(() => admin.end());
  await admin.query(CREATE_ACCOUNTS);
  const requestHandler = { httpAgent: { maxSockets: AT_A_TIME } };
  const client = new RDSData({ requestHandler, maxAttempts: 1 });

  const ends: Record<TransferEnd, number> = {
    ...{ committed: 0, 'rolled back': 0, 'failed and rolled back': 0 },
  };
  const samples: number[] = [];
  let n = 0;
  const runFor = async (durationMs: number) => {
    const endsAt = performance.now() + durationMs;
    const transferUntilOver = async () => {
      while (performance.now() < endsAt) {
        const started = performance.now();
        ends[await transfer(client, dataApi.address, n++)]++;
        samples.push(performance.now() - started);
      }
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, transferUntilOver));
  };
  await runFor(WARM_UP_MS);
  const heapBefore = await dataApi.heapBytes();
  await runFor(DURATION_MS);
  const growthBytes = (await dataApi.heapBytes()) - heapBefore;

  const found = await totals(admin);
  const expected = { amount: 100_000, transfers: ends.committed, busy_sessions: 0 };
  for (const [name, value] of Object.entries(expected))
    if (found[name as keyof typeof expected] !== value)
      throw new Error(`Expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}.`);
  if (found.sessions > AT_A_TIME) throw new Error(`${found.sessions} sessions are open.`);
  if (growthBytes > MAX_GROWTH_BYTES) throw new Error(`The heap grew by ${growthBytes} bytes.`);
  const figure = {
    name: `a transaction of 5 to 6 calls, ${AT_A_TIME} at a time`,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    ...ends,
    'sessions at the end': found.sessions,
    'heap growth, kB': Math.round(growthBytes / 1e3),
  };
  bench.print(table([figure]));
  return {
    postgres: await serverVersion(dataApi.server.url()),
    rowCounts: { accounts: 1_000 },
    unit: 'ms',
    figures: [figure],
  };
}
