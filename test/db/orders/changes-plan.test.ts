import type { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { portionStatement } from '../../../db/orders/portion.ts';
import { changesChosen } from '../../../db/orders/read-changes.ts';
import type { Database } from '../../../db/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { connectPlanningAs, readsOf } from '../../helpers/plan.ts';

let test: TestDatabase;
let db: Kysely<Database>;

/**
 * Transactions 100 to 299 have changed a hundred orders of a large seller each, and every one of
 * them ten times before. Of a thousand small sellers each has a few orders and has deleted more:
 * most of what is kept are deletions, of which the large seller has none.
 */
beforeAll(async () => {
  test = await createTestDatabase();
  await test.pg.query(`
    INSERT INTO users (username) VALUES ('large');
    INSERT INTO users (username) SELECT 'small-' || n FROM generate_series(1, 1000) AS n;
    INSERT INTO orders
      (user_id, order_number, created_at, total_amount, status, items_digest, created_xid, changed_xid)
    SELECT u.id, u.id || '-' || n, timestamptz '2025-01-01T00:00:00Z', 1, 'new', '', '50', xid::xid8
    FROM users AS u
    CROSS JOIN LATERAL generate_series(1, CASE username WHEN 'large' THEN 20000 ELSE 4 END) AS n
    CROSS JOIN LATERAL text(100 + (n - 1) / 100) AS xid
    ORDER BY n;
    INSERT INTO order_items SELECT id, 1, 'sku', 'name', 1, 1 FROM orders;
    INSERT INTO uploads (user_id, xid, key_id, request_id, orders_count, items_count)
    SELECT u.id, (CASE username WHEN 'large' THEN 100 ELSE 100000 + u.id END + n)::text::xid8, '-', '-', 1, 1
    FROM users AS u
    CROSS JOIN LATERAL generate_series(0, CASE username WHEN 'large' THEN 9999 ELSE 0 END) AS n;
    INSERT INTO order_versions
      (order_id, version, user_id, order_number, created_at, total_amount, status, items_digest,
       items, first_uploaded_at, last_changed_at, created_xid, changed_xid, replaced_xid, is_deletion)
    SELECT u.id * 100000 + n, 1, u.id, 'gone-' || u.id || '-' || n, now(), 1, 'new', '', '[]',
      now(), now(), '3', '3', (100 + n % 200)::text::xid8, username <> 'large'
    FROM users AS u
    CROSS JOIN LATERAL generate_series(1, CASE username WHEN 'large' THEN 10000 ELSE 20 END) AS n;
    ANALYZE;
  `);
  db = connectPlanningAs('orders', test.url);
});
afterAll(async () => {
  await db.destroy();
  await test.drop();
});

const pageReads = (user: string, xid: string, limit = 500) =>
  readsOf(
    db,
    portionStatement(user, changesChosen({ user, xid, orderId: 0, receipt: null }, limit)),
  );

/** The seller; of each order its place, its receipt twice, itself, its item. */
const SHOWN = 1 + 5 * 500;

describe('a page of changes', () => {
  it.each([
    ['at the beginning', '0', SHOWN],
    ['in the middle', '200', SHOWN],
    ['near the end', '298', SHOWN],
    ['at the end', '299', SHOWN],
    ['after the end', '300', 1],
  ])('reads only what it shows: %s', async (_where, xid, most) => {
    const { wholeTables, rows, blocks } = await pageReads('large', xid);
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(most);
    // What an index is read of in vain is no row.
    expect(blocks).toBeLessThan(xid === '300' ? 50 : 500 * 20);
  });

  it.each(['0', '200', '300'])('of a small seller reads only his, after %s', async (xid) => {
    const { wholeTables, rows } = await pageReads('small-77', xid);
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(5 + 5 * 4 + 2 * 20);
  });

  it('reads a few changes for a page of a few', async () => {
    expect((await pageReads('large', '200', 10)).rows).toBeLessThanOrEqual(1 + 5 * 10);
  });

  it('reads as little where that seller alone has deleted orders, and many', async () => {
    await test.pg.query(`
      DELETE FROM order_versions USING users AS u WHERE u.id = user_id AND username <> 'large';
      UPDATE order_versions SET is_deletion = true;
      ANALYZE order_versions`);
    const { wholeTables, rows } = await pageReads('large', '0');
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(SHOWN);
  });
});
