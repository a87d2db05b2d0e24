import { join } from 'node:path';
import pg from 'pg';
import { keyHeader } from '../cli/keys/seller-key.ts';
import { type Row, table } from '../cli/markdown-table.ts';
import { addDays, dayOf } from '../db/days.ts';
import { addMarketplace, MARKETPLACE_DAYS } from '../fixtures/marketplace.ts';
import { thisCheckout } from './checkout.ts';
import { type GrowingSide, type Way, ways } from './growth-ways.ts';
import { median, timeMs } from './measure.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';
import { SELLERS, startSide } from './upload-side.ts';

/** What the small database has: pages are full, and everything is in memory. */
const SMALL = 100_000;
const SIZES = [1_000_000, 10_000_000, 50_000_000];
const MOST = 10_000_000;
const ROUNDS = 15;
const WARM_UP = 3;

/** While the database grows, no keys are looked up, and commits do not wait. */
const FILLING = `SET session_replication_role = replica; SET synchronous_commit = off;
  SET maintenance_work_mem = '1GB'`;
/** Reads are short: so many stand for one, or chance has the word. */
const READS = 5;

interface Grown extends GrowingSide {
  /** Of the database's owner. */
  readonly db: pg.Client;
}

/**
 * Whatever the service does, with as many orders as were asked for, beside the same on a small
 * database, by turns: both are services of this checkout, so that a ratio is of one moment. And the
 * bytes on disk.
 */
export async function bench(given: Bench): Promise<Report> {
  const { orders: most = MOST, print } = given;
  const firstDay = addDays(dayOf(Date.now()), 1 - MARKETPLACE_DAYS);
  const small = await startGrowing(given, 'small');
  const grown = await startGrowing(given, 'grown');
  await grow(small, 0, SMALL, firstDay);

  const figures: (Figure & Row)[] = [];
  const bytes: Row[] = [await bytesOf(small, SMALL)];
  let have = 0;
  for (const size of [...SIZES.filter((one) => one < most), most]) {
    const filledMs = await timeMs(() => grow(grown, have, size, firstDay));
    have = size;
    print(`${size.toLocaleString('en-US')} orders, filled in ${Math.round(filledMs / 1_000)} s\n`);
    const rows = await measure(ways(Number(firstDay.slice(0, 4)) + 1), { small, grown }, size);
    print(`${table(rows)}\n`);
    figures.push(...rows);
    bytes.push(await bytesOf(grown, size));
  }
  print(`ms, medians of ${ROUNDS}; a ratio is the median of the rounds' own`);
  print(`\n${table(bytes)}`);
  return {
    postgres: await serverVersion(grown.endpoints.postgres),
    rowCounts: { small: SMALL, orders: most, itemsPerOrder: 3 },
    unit: 'ms',
    figures,
    bytes,
  };
}

async function startGrowing(given: Bench, name: string): Promise<Grown> {
  const side = await startSide(given, { ...thisCheckout, name });
  const headers = await keyHeader(side.endpoints, SELLERS[0] ?? '');
  const db = new pg.Client(side.endpoints.postgres);
  db.on('error', () => {}); // the server's end is told by what is measured
  await db.connect();
  given.atEnd(() => db.end());
  await db.query(FILLING);
  const countOrders = async (from: string, to: string) => {
    const { rows } = await db.query<{ count: number }>(
      `SELECT count(*)::int FROM orders
       WHERE created_at >= $1::date::timestamp AT TIME ZONE 'UTC'
         AND created_at < $2::date::timestamp AT TIME ZONE 'UTC'`,
      [from, to],
    );
    return rows[0]?.count ?? 0;
  };
  return { ...side, headers, db, countOrders, dataDir: join(given.folder, `${name}-data`) };
}

/** Fills the database set-wise; what only the admin's search reads is built afterwards. */
async function grow({ db }: Grown, have: number, until: number, firstDay: string): Promise<void> {
  const { rows: indexes } = await db.query<{ name: string; made: string }>(
    `SELECT indexname AS name, indexdef AS made FROM pg_indexes
     WHERE tablename IN ('orders', 'order_items') AND indexname ~ '_(search|word)_idx$'`,
  );
  await db.query(`DROP INDEX ${indexes.map(({ name }) => name).join(', ')}`);
  await addMarketplace(db, until - have, firstDay, have);
  for (const { made } of indexes) await db.query(made);
  await db.query('CHECKPOINT');
}

async function measure(
  all: readonly Way[],
  { small, grown }: { small: GrowingSide; grown: GrowingSide },
  orders: number,
): Promise<(Figure & Row)[]> {
  const samples = all.map(() => ({ small: [] as number[], grown: [] as number[] }));
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const turns = round % 2 === 0 ? (['small', 'grown'] as const) : (['grown', 'small'] as const);
    for (const [i, way] of all.entries()) {
      for (const turn of turns) {
        const ms = await timeOf(way, turn === 'small' ? small : grown);
        if (round >= 0) samples[i]?.[turn].push(ms); // the first rounds warm up
      }
    }
  }
  return all.map(({ name, allowed }, i) => {
    const { small, grown } = samples[i] ?? { small: [], grown: [] };
    const ratio = median(grown.map((ms, round) => ms / (small[round] ?? Number.NaN)));
    return {
      name,
      orders,
      p50: median(grown),
      p95: Math.max(...grown),
      small: median(small),
      ratio,
      'as allowed': ratio <= allowed ? 'yes' : `no: ${allowed}`,
    };
  });
}

async function timeOf(way: Way, side: GrowingSide): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < (way.writes ? 1 : READS); i++) {
    const { once, units = 1 } = await way.prepare(side);
    times.push((await timeMs(once)) / units);
  }
  return median(times);
}

/** What an order takes of the disk, with its items, indexes and sums. */
async function bytesOf({ db }: Grown, orders: number): Promise<Row> {
  const { rows } = await db.query<{ name: string; bytes: string }>(
    `SELECT relname AS name, sum(pg_relation_size(c.oid)) AS bytes FROM pg_class AS c
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i') GROUP BY 1`,
  );
  const count = await db.query<{ orders: number }>('SELECT count(*)::int AS orders FROM orders');
  const bytes = (prefix: RegExp) =>
    rows.reduce((sum, row) => sum + (prefix.test(row.name) ? Number(row.bytes) : 0), 0);
  const stored = count.rows[0]?.orders ?? orders;
  return {
    orders: stored,
    'bytes an order': bytes(/./) / stored,
    'orders, indexes': bytes(/^orders/) / stored,
    'items, indexes': bytes(/^order_items/) / stored,
    'roll-up': bytes(/^daily_order_stats/) / stored,
  };
}
