import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listLastOrdersStatement } from '../../../db/admin/last-orders.ts';
import { listRunsStatement } from '../../../db/admin/nightly-runs.ts';
import { findSellerFiguresStatement } from '../../../db/admin/seller.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.pg.query(`
    INSERT INTO users (username) SELECT 'seller ' || n FROM generate_series(1, 2000) AS n;
    INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
      SELECT u.id, u.id || '-' || n, '2025-01-01'::timestamptz + n * interval '1 hour', 10, 'paid', ''
      FROM users AS u,
        generate_series(1, CASE username WHEN 'seller 1000' THEN 3000 ELSE 30 END) AS n;
    INSERT INTO order_items SELECT id, 1, 'tea01', 'Чай', 1, 10 FROM orders;
    INSERT INTO daily_order_stats
      SELECT u.id, '2025-01-01'::date + n, 'paid', 1, 10 FROM users AS u, generate_series(1, 50) AS n;
    INSERT INTO nightly_runs (id, kind, period_from, period_to, status, started_at)
      SELECT gen_random_uuid(), 'night', '2025-01-01', '2025-01-02', 'succeeded',
        '2025-01-01'::timestamptz + n * interval '1 day'
      FROM generate_series(1, 20000) AS n;
    ANALYZE`);
});
afterAll(() => test.drop());

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
}

/** How a query is run: what it scans, with how many rows that gives and how many it passes over. */
async function scans(
  query: RawBuilder<unknown>,
  database = test,
): Promise<[string, string, number, number][]> {
  const explain = sql<{ 'QUERY PLAN': [{ Plan: Node }] }>`EXPLAIN (ANALYZE, FORMAT JSON) ${query}`;
  const { rows } = await explain.execute(database.connectAs('admin'));
  return rows
    .flatMap((row) => nodes(row['QUERY PLAN'][0].Plan))
    .filter((node) => node['Relation Name'])
    .map((node) => [
      node['Relation Name'] ?? '',
      node['Node Type'],
      node['Actual Rows'] * node['Actual Loops'],
      node['Rows Removed by Filter'] ?? 0,
    ]);
}

const nodes = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodes)];

describe("the queries of a seller's page", () => {
  it('read one row of users and the rows of the roll-up that are the seller’s', async () => {
    const read = await scans(findSellerFiguresStatement('seller 1000', 90, '2026-01-01'));
    expect(read.filter(([, type]) => type === 'Seq Scan')).toEqual([]);
    expect(read.filter(([table]) => table === 'users').map(([, , rows]) => rows)).toEqual([1, 1]);
    const rollUp = read.filter(([table]) => table === 'daily_order_stats');
    expect(Math.max(...rollUp.map(([, , rows]) => rows))).toBe(50);
  });

  it('read as many orders as they show, however many there are', async () => {
    const read = await scans(listLastOrdersStatement('seller 1000', 10));
    expect(read.filter(([, type]) => type === 'Seq Scan')).toEqual([]);
    expect(read.find(([table]) => table === 'orders')?.[2]).toBeLessThanOrEqual(11);
  });

  it('do not walk through newer orders of others to the last ones of a quiet seller', async () => {
    const two = await createTestDatabase();
    try {
      await two.pg.query(`
        INSERT INTO users (username) VALUES ('busy'), ('quiet');
        INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
          SELECT u.id, username || n, y::timestamptz + n * interval '1 minute', 10, 'paid', ''
          FROM (VALUES ('busy', '2025-01-01', 30000), ('quiet', '2020-01-01', 20)) AS s (name, y, orders)
          JOIN users AS u ON username = name, generate_series(1, orders) AS n;
        ANALYZE`);
      const read = await scans(listLastOrdersStatement('quiet', 10), two);
      const [, , rows, removed] = read.find(([table]) => table === 'orders') ?? [];
      // The eleventh tells that no other is of the tenth's moment.
      expect([rows, removed]).toEqual([11, 0]);
    } finally {
      await two.drop();
    }
  });
});

describe('the query of the runs', () => {
  it('reads as many as it shows, also far back', async () => {
    const { rows } = await test.pg.query<{ id: string }>(
      'SELECT id FROM nightly_runs ORDER BY started_at OFFSET 5000 LIMIT 1',
    );
    for (const before of [undefined, rows[0]?.id]) {
      const read = await scans(listRunsStatement(before, 202));
      expect(read.filter(([, type]) => type === 'Seq Scan')).toEqual([]);
      expect(Math.max(...read.map(([, , count]) => count))).toBeLessThanOrEqual(203);
    }
  });
});
