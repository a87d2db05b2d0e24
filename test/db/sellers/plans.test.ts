import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../db/schema.ts';
import { eraseOrdersStatement } from '../../../db/sellers/erase-orders.ts';
import { eraseRowsStatement } from '../../../db/sellers/erase-rows.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { connectPlanningAs, readsOf } from '../../helpers/plan.ts';

let test: TestDatabase;
let db: Kysely<Database>;
let ids: { large: number; small: number };
beforeAll(async () => {
  test = await createTestDatabase();
  db = connectPlanningAs('sellers', test.url);
  // Of two sellers one has nearly all orders, each of a day of its own and with one item.
  await test.pg.query(`
    INSERT INTO users (username) VALUES ('large'), ('small');
    INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
      SELECT CASE WHEN n % 50 = 0 THEN 2 ELSE 1 END, n, '2000-01-01'::timestamptz + n * interval '1 day',
        1, 'new', '' FROM generate_series(1, 5000) AS n;
    INSERT INTO order_items SELECT id, 1, 'sku', 'name', 1, 1 FROM orders;
    INSERT INTO daily_order_stats
      SELECT user_id, created_at::date, status, 0, 0 FROM orders;
    ANALYZE`);
  const { rows } = await test.pg.query(`SELECT id::int FROM users ORDER BY id`);
  ids = { large: rows[0].id, small: rows[1].id };
});
afterAll(async () => {
  await db.destroy();
  await test.drop();
});

describe('a step of erasing a seller', () => {
  const writeBy = () => Date.now() + 60_000;

  it.each([
    ["a large seller's first", 'large', undefined],
    ["a large seller's later", 'large', '2005-01-01'],
    ["a small seller's later", 'small', '2005-01-01'],
    ["all of a small seller's", 'small', undefined],
  ] as const)('reads of %s orders what it deletes', async (_which, seller, from) => {
    const portion = { orders: seller === 'large' ? 100 : 2_000, lines: 50_000 };
    const { wholeTables, rows } = await readsOf(
      db,
      eraseOrdersStatement(ids[seller], from, portion, writeBy()),
    );
    expect(wholeTables).toEqual([]);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThanOrEqual(10 * 100);
  });

  it('reads of rows what it deletes', async () => {
    const days = {
      table: 'daily_order_stats',
      key: ['user_id', 'day', 'status'],
      sortedBy: { name: 'day', type: 'date' },
    } as const;
    const { wholeTables, rows } = await readsOf(
      db,
      eraseRowsStatement(days, ids.large, '2005-01-01', 100, writeBy()),
    );
    expect(wholeTables).toEqual([]);
    expect(rows).toBeGreaterThanOrEqual(200);
    expect(rows).toBeLessThanOrEqual(400);
  });
});
