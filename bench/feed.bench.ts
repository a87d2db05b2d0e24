import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { sql } from 'kysely';
import type pg from 'pg';
import { type Row, table } from '../cli/markdown-table.ts';
import { connect, databaseAddress } from '../db/data-api/connect.ts';
import { writeChangesCursor } from '../functions/orders/changes-cursor.ts';
import { KEEP_VERSIONS_DAYS } from '../functions/shared/env.ts';
import { addHistory } from './feed-orders.ts';
import { contextOf, databaseOf } from './function-database.ts';
import { mean, quantile, timeMs } from './measure.ts';
import { cpuBetween, readCpu } from './process-cpu.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';

const ORDERS = 1_000_000;
const LIMIT = 500;
const ROUNDS = 100;
const WARM_UP = 10;

/** How many changes of a seller are before the page, as a share of all. */
const PLACES = { 'the beginning': 0, 'before the history': 0.1, 'the middle': 0.5 };

interface Way {
  readonly name: string;
  /** What it asks, and how many changes it was given. */
  readonly ask: () => Promise<number>;
  readonly samples: number[];
  /** Processor time of PostgreSQL's backends for each sample. */
  readonly backendsMs: number[];
}

/**
 * Pages of 500 changes of orders with two items each, wherever the cursor stands: how long the
 * function takes from its event to its answer, as its own database role, one request at a time,
 * going on from page to page where there are enough. Beside a bare `SELECT 1` by the same way, all
 * by turns.
 */
export async function bench({
  orders = ORDERS,
  folder,
  print,
  atEnd,
  use,
}: Bench): Promise<Report> {
  const { server, db } = await databaseOf('orders', { folder, use, atEnd });
  Object.assign(process.env, { [KEEP_VERSIONS_DAYS]: '400', POWERTOOLS_LOG_LEVEL: 'SILENT' });
  const filledMs = await timeMs(() => addHistory(db, orders));
  print(`${orders.toLocaleString('en-US')} orders made in ${Math.round(filledMs / 1_000)} s\n`);

  const ways = [await bareCall()];
  for (const user of ['large', 'small-0']) ways.push(...(await pagesOf(db, user)));
  let changes: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    changes = [];
    for (const { ask, samples, backendsMs } of ways) {
      const before = readCpu(process.pid);
      const ms = await timeMs(async () => changes.push(await ask()));
      if (round < 0) continue; // warms up
      samples.push(ms);
      const after = readCpu(process.pid);
      if (before && after) backendsMs.push(cpuBetween(before, after).backendsMs);
    }
  }
  const figures = ways.map(({ name, samples, backendsMs }, i): Figure & Row => ({
    name,
    p50: quantile(samples, 0.5),
    p95: quantile(samples, 0.95),
    least: Math.min(...samples),
    'PostgreSQL CPU': mean(backendsMs),
    changes: changes[i],
  }));
  print(table(figures));
  return {
    postgres: await serverVersion(server.url()),
    rowCounts: await rowCounts(db),
    unit: 'ms',
    figures,
  };
}

async function bareCall(): Promise<Way> {
  const data = connect(databaseAddress());
  const ask = async () => (await sql`SELECT 1 AS one`.execute(data)).rows.length - 1;
  return { name: 'SELECT 1', ask, samples: [], backendsMs: [] };
}

async function pagesOf(db: pg.Client, user: string): Promise<Way[]> {
  const { handler } = await import('../functions/orders/handler.ts');
  const { rows } = await db.query<{ count: number }>(
    `${CHANGES} SELECT count(*)::int FROM changes`,
    [user],
  );
  const count = rows[0]?.count ?? 0;
  const before = {
    ...Object.fromEntries(
      Object.entries(PLACES).map(([name, share]) => [name, Math.floor(count * share)]),
    ),
    'near the end': Math.max(0, count - LIMIT),
    'the end': count,
  };
  const ways: Way[] = [];
  for (const [place, skipped] of Object.entries(before)) {
    const name = `${user}: ${place}`;
    const left = count - skipped;
    const goesOn = left > LIMIT * (WARM_UP + ROUNDS);
    let after = skipped === 0 ? undefined : await cursorAt(db, user, skipped);
    const ask = async () => {
      const { statusCode, body = '' } = await handler(pageEvent(user, after), contextOf('orders'));
      if (statusCode !== 200) throw new Error(`${name}: ${body}`);
      const { changes, next } = JSON.parse(body) as { changes: unknown[]; next: string };
      if (changes.length !== Math.min(LIMIT, left)) {
        throw new Error(`${name}: ${changes.length} changes of ${left}`);
      }
      if (goesOn) after = next;
      return changes.length;
    };
    ways.push({ name, ask, samples: [], backendsMs: [] });
  }
  return ways;
}

/** The cursor of a reader who has had this many of a seller's changes, a moment ago. */
async function cursorAt(db: pg.Client, user: string, skipped: number): Promise<string> {
  const { rows } = await db.query<{ xid: string; order_id: string; id: string | null; us: string }>(
    `${CHANGES}
     SELECT c.xid, order_id, u.id, (extract(epoch FROM created_at) * 1000000)::bigint AS us
     FROM (SELECT * FROM changes ORDER BY xid, order_id OFFSET $2 LIMIT 1) AS c
     LEFT JOIN uploads AS u ON u.xid = c.xid`,
    [user, skipped - 1],
  );
  const [{ xid, order_id, id, us } = raise(`${user} has not had ${skipped} changes.`)] = rows;
  return writeChangesCursor({
    ...{ user, xid, orderId: Number(order_id), completeAtMs: Date.now() },
    receipt: id === null ? null : { id, xid, createdAtUs: Number(us) },
  });
}

function raise(message: string): never {
  throw new Error(message);
}

/** Of the seller `$1`. */
const CHANGES = `
  WITH seller AS MATERIALIZED (SELECT id FROM users WHERE username = $1),
  changes AS (
    SELECT changed_xid AS xid, id AS order_id FROM orders
    WHERE user_id = (SELECT id FROM seller)
    UNION ALL
    SELECT replaced_xid, order_id FROM order_versions
    WHERE user_id = (SELECT id FROM seller) AND is_deletion
  )`;

async function rowCounts(db: pg.Client): Promise<Record<string, number>> {
  const tables = ['orders', 'order_items', 'order_versions', 'uploads', 'users'];
  const counts = tables.map((name) => `(SELECT count(*)::int FROM ${name}) AS ${name}`);
  const { rows } = await db.query<Record<string, number>>(`SELECT ${counts.join(', ')}`);
  return rows[0] ?? {};
}

function pageEvent(user: string, after: string | undefined): APIGatewayProxyEventV2 {
  const query = { user, limit: String(LIMIT), ...(after !== undefined && { after }) };
  return {
    version: '2.0',
    routeKey: 'GET /api/orders/changes',
    rawPath: '/api/orders/changes',
    rawQueryString: new URLSearchParams(query).toString(),
    headers: {},
    isBase64Encoded: false,
    requestContext: {
      requestId: 'bench',
      authorizer: { lambda: { seller: user, key_id: 'bench', scopes: 'orders:read' } },
    },
  } as unknown as APIGatewayProxyEventV2;
}
