import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayDigestsStatement } from '../../../db/orders/day-digests.ts';
import { dayCountsStatement } from '../../../db/orders/digest-portions.ts';
import { type OrdersQuery, ordersOfPage } from '../../../db/orders/orders-of-page.ts';
import { portionStatement } from '../../../db/orders/portion.ts';
import type { Database } from '../../../db/schema.ts';
import { receiptStatement, receiptsStatement } from '../../../db/uploads/stored-receipts.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { connectPlanningAs, readsOf } from '../../helpers/plan.ts';

let test: TestDatabase;
let db: Kysely<Database>;

/**
 * A large seller has a hundred orders on each of 300 days, one in a thousand of a rare status; a
 * small one some among them. As in life, orders are stored by and by: an index on `created_at`
 * alone reads fewer pages.
 */
beforeAll(async () => {
  test = await createTestDatabase();
  await test.pg.query(`
    -- They take most of the time.
    DROP INDEX order_items_search_idx, orders_number_search_idx, orders_number_last_word_idx,
      orders_number_middle_word_idx, orders_total_amount_id_idx;
    INSERT INTO users (username) VALUES ('large'), ('small');
    INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest, changed_xid)
    SELECT u.id, n, timestamptz '2024-01-01T00:00:00Z' + (n - 1) / 100 * interval '1 day'
        + n % 100 * interval '1 minute', 1,
      CASE WHEN n % 1000 = 500 THEN 'rare' ELSE 'often' END, '', (1000000 + n)::text::xid8
    FROM generate_series(1, 30000) AS n
    JOIN users AS u ON username = CASE WHEN n % 3000 = 7 THEN 'small' ELSE 'large' END
    ORDER BY n;
    INSERT INTO order_items SELECT id, 1, 'sku', 'name', 1, 1 FROM orders;
    INSERT INTO daily_order_stats
    SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, status, count(*), count(*)
    FROM orders GROUP BY 1, 2, 3;
    INSERT INTO users (username) SELECT 'other ' || n FROM generate_series(1, 8) AS n;
    INSERT INTO uploads (user_id, xid, key_id, request_id, orders_count, items_count)
    SELECT u.user_id, u.xid, '-', '-', 1, 1
    FROM orders AS o
    CROSS JOIN LATERAL (
      VALUES
        (o.user_id, o.changed_xid),
        ((SELECT id FROM users WHERE username = 'other ' || o.id % 8 + 1), (2000000 + o.id)::text::xid8)
    ) AS u (user_id, xid)
    ORDER BY o.id;
    ANALYZE;
  `);
  db = connectPlanningAs('orders', test.url);
});
afterAll(async () => {
  await db.destroy();
  await test.drop();
});

const pageReads = (query: Partial<OrdersQuery>) => {
  const asked = { user: 'large', limit: 100, ...query };
  const chosen = { orders: ordersOfPage(asked), limit: asked.limit };
  return readsOf(db, portionStatement(asked.user, chosen));
};

/** The seller; of each order its key, itself, its item and upload; two more, to see a tie's end. */
const SHOWN = 1 + 4 * 100 + 2;

describe('a page of orders', () => {
  it.each<[string, Partial<OrdersQuery>, number]>([
    ['first', {}, SHOWN],
    ['250th', { after: '2024-09-06T00:00:00.000000Z_0' }, SHOWN],
    ['of a period', { from: '2024-06-01', to: '2024-07-01' }, SHOWN],
    ['of a small seller', { user: 'small' }, 41],
    ['of a small seller, late', { user: 'small', after: '2024-09-06T00:00:00.000000Z_0' }, 41],
    ['of a frequent status', { statuses: ['often'] }, SHOWN + 103 + 110],
    // The roll-up's days, and the other orders of a day that has one.
    ['of a rare status', { statuses: ['rare'] }, 330 + 30 * 104],
    ['of a rare status, of a small seller', { user: 'small', statuses: ['rare'] }, 41],
    ['of a status that nothing has', { statuses: ['none'] }, 650],
  ])('reads only what it shows: the one %s', async (_, query, most) => {
    const { wholeTables, rows } = await pageReads(query);
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(most);
  });

  // What an index is read of in vain is no row.
  it.each<Partial<OrdersQuery>>([
    {},
    { statuses: ['often'] },
    { from: '2024-01-02' },
  ])('reads no more of indexes late than early: %j', async (query) => {
    const early = await pageReads({ ...query, after: '2024-01-02T00:00:00.000000Z_0' });
    const late = await pageReads({ ...query, after: '2024-10-20T00:00:00.000000Z_0' });
    expect(late.blocks).toBeLessThan(early.blocks + 20);
  });

  it('does not look at the items of an order that certainly has no room', async () => {
    await test.pg.query(`
      INSERT INTO order_items
      SELECT id, n, 'sku', 'name', 1, 1 FROM orders, generate_series(2, 17001) AS n
      WHERE order_number = '7'`); // the small seller's first
    const { rows } = await pageReads({ user: 'small' });
    expect(rows).toBeLessThanOrEqual(20);
  });
});

describe('receipts', () => {
  it('are read by their seller, whichever has more', async () => {
    for (const [user, most] of [
      ['large', 102],
      ['small', 11],
    ] as const) {
      const { wholeTables, rows } = await readsOf(db, receiptsStatement({ user, limit: 100 }));
      expect(wholeTables).toEqual([]);
      expect(rows).toBeLessThanOrEqual(most);
    }
  });

  it('are read one by one with their orders alone', async () => {
    const {
      rows: [upload],
    } = await test.pg.query('SELECT id FROM uploads WHERE user_id = 1 LIMIT 1');
    const { wholeTables, rows } = await readsOf(db, receiptStatement('large', upload.id));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(3);
  });
});

describe('a digest of days', () => {
  it.each([
    ['large', '2024-06-01', '2024-06-02', 100],
    ['large', '2024-06-01', '2024-07-01', 3_000],
    ['small', '2024-01-01', '2025-01-01', 10],
    ['small', '2024-06-01', '2024-06-02', 1],
  ])('reads only the orders of those days: %s, %s to %s', async (user, from, to, most) => {
    const { wholeTables, rows } = await readsOf(db, dayDigestsStatement({ user, from, to }));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(2 + most);
  });

  it.each([
    ['large', '2024-06-01', '2024-07-01', 2 * 30],
    ['small', '2024-01-01', '2025-01-01', 10],
  ])('is divided by the roll-up of those days alone: %s, %s to %s', async (user, from, to, most) => {
    const { wholeTables, rows } = await readsOf(db, dayCountsStatement({ user, from, to }));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(2 + most);
  });
});
