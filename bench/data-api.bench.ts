import { RDSData } from '@aws-sdk/client-rds-data';
import pg from 'pg';
import { type Row, table } from '../cli/markdown-table.ts';
import { connect } from '../db/data-api/connect.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { uploadOrders } from '../db/uploads/upload-orders.ts';
import { parseBody } from '../fixtures/upload-body.ts';
import { parseUpload } from '../functions/upload/input.ts';
import { type DataApiThread, startDataApiThread } from './data-api-thread.ts';
import { quantile, timeMs } from './measure.ts';
import { newOrders } from './orders.ts';
import { presigned } from './presigned.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';

// What the Data API stand-in costs: a call beside the same over `pg`, its share of a large upload,
// and how long a request of 4 MB holds up the others.

const CALLS = 2_000;
const CONCURRENCY = [1, 16];
const UPLOADS = 7;
const ORDERS = 10_000;
const PROBES = 300;

export async function bench(bench: Bench): Promise<Report> {
  const dataApi = await startDataApiThread(bench);
  await migrateToLatest(connect(dataApi.address));
  const figures: Figure[] = [];
  for (const measure of [callRates, uploadShare, heldUp]) {
    const found = await measure(dataApi, bench);
    bench.print(`${table(found)}\n`);
    figures.push(...found);
  }
  const postgres = await serverVersion(dataApi.server.url());
  return { postgres, rowCounts: { orders: ORDERS }, unit: 'ms', figures };
}

/**
 * How long a `select 1` takes, and how many a second are answered, over the Data API and over `pg`.
 */
async function callRates(
  { address, server }: DataApiThread,
  { atEnd }: Bench,
): Promise<(Figure & Row)[]> {
  const client = new RDSData();
  const pool = new pg.Pool({ connectionString: server.url(), max: Math.max(...CONCURRENCY) });
  atEnd(() => pool.end());
  const overDataApi = async () => {
    const { records } = await client.executeStatement({ ...address, sql: 'select 1 as one' });
    if (records?.[0]?.[0]?.longValue !== 1) throw new Error('The Data API did not answer 1.');
  };
  const overPg = async () => {
    const { rows } = await pool.query('select 1 as one');
    if (rows[0]?.one !== 1) throw new Error('pg did not answer 1.');
  };
  const figures: (Figure & Row)[] = [];
  for (const concurrency of CONCURRENCY) {
    for (const [name, call] of Object.entries({ 'Data API': overDataApi, pg: overPg })) {
      await manyMs(call, CALLS / 10, concurrency);
      const samples: number[] = [];
      const totalMs = await timeMs(async () => {
        samples.push(...(await manyMs(call, CALLS, concurrency)));
      });
      figures.push({
        name: `select 1 over ${name}, ${concurrency} at a time`,
        p50: quantile(samples, 0.5),
        p95: quantile(samples, 0.95),
        'calls/s': Math.round((CALLS / totalMs) * 1_000),
      });
    }
  }
  return figures;
}

/** How long every one of `count` calls took. */
async function manyMs(call: () => Promise<void>, count: number, concurrency: number) {
  const samples: number[] = [];
  let left = count;
  const caller = async () => {
    while (left-- > 0) samples.push(await timeMs(call));
  };
  await Promise.all(Array.from({ length: concurrency }, caller));
  return samples;
}

/**
 * How long a large upload takes over the Data API, and for how much of that the stand-in worked.
 */
async function uploadShare(dataApi: DataApiThread): Promise<(Figure & Row)[]> {
  const db = connect(dataApi.address);
  const samples: number[] = [];
  const shares: number[] = [];
  for (let round = 0; round < UPLOADS; round++) {
    const json = JSON.stringify({ user: 'bench', orders: newOrders(ORDERS) });
    const { user, orders } = parseUpload(await parseBody(json));
    await dataApi.load();
    samples.push(await timeMs(() => uploadOrders(db, user, orders)));
    shares.push((await dataApi.load()).activeMs / (samples.at(-1) ?? 1));
  }
  const figure = {
    name: `an upload of ${ORDERS.toLocaleString('en-US')} new orders`,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    'stand-in %': Math.round(quantile(shares, 0.5) * 100),
  };
  return [figure];
}

/**
 * How long a `select 1` takes alone, and beside requests of nearly 4 MB,
 * one straight after the other.
 */
async function heldUp(dataApi: DataApiThread): Promise<(Figure & Row)[]> {
  const { address } = dataApi;
  const probe = await presigned(dataApi, { ...address, sql: 'select 1' });
  const orders = JSON.stringify(newOrders(8_000)).slice(0, 3_000_000);
  const parameters = Array.from({ length: 60_000 }, (_, i) => ({
    name: `p${i}`,
    value: { longValue: i },
  }));
  const besides = {
    alone: undefined,
    'beside 4 MB of text': await presigned(dataApi, {
      ...{ ...address, sql: 'select length(:x)' },
      parameters: [{ name: 'x', value: { stringValue: orders } }],
    }),
    'beside 4 MB of small parameters': await presigned(dataApi, {
      ...{ ...address, sql: 'select 1' },
      parameters,
    }),
  };
  const figures: (Figure & Row)[] = [];
  for (const [name, beside] of Object.entries(besides)) {
    await dataApi.load();
    let isOver = false;
    const besideRequests = async () => {
      while (beside && !isOver) await beside.send();
    };
    const running = besideRequests();
    const samples = await manyMs(async () => void (await probe.send()), PROBES, 1);
    isOver = true;
    await running;
    figures.push({
      name: `select 1 ${name}`,
      p50: quantile(samples, 0.5),
      p95: quantile(samples, 0.95),
      'longest hold-up': (await dataApi.load()).longestDelayMs,
      'other requests, MB': (beside?.bytes ?? 0) / 1e6,
    });
  }
  return figures;
}
