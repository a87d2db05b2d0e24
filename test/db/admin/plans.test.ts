import type { Kysely, RawBuilder } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findHealthStatement } from '../../../db/admin/health.ts';
import { listItemsStatement } from '../../../db/admin/items-list.ts';
import { lookUp } from '../../../db/admin/lookup.ts';
import { findKnownWordsStatement } from '../../../db/admin/nearest-words.ts';
import { countOrdersStatement } from '../../../db/admin/order-counts.ts';
import type { OrderFilter, OrderSort } from '../../../db/admin/order-filter.ts';
import { findOrderHistoryStatement } from '../../../db/admin/order-history.ts';
import { LOOKED_AT, listOrders, listOrdersStatement } from '../../../db/admin/orders-list.ts';
import { findOverviewStatement } from '../../../db/admin/overview.ts';
import { listRefusalsStatement } from '../../../db/admin/refusals-list.ts';
import { NUMBERS_LOOKED_AT } from '../../../db/admin/search.ts';
import { listSellersStatement } from '../../../db/admin/sellers-list.ts';
import { findUploadStatement } from '../../../db/admin/upload.ts';
import { listUploadsStatement } from '../../../db/admin/uploads-list.ts';
import type { Database } from '../../../db/schema.ts';
import { addMarketplace } from '../../../fixtures/marketplace.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { connectPlanningAs, readsOf } from '../../helpers/plan.ts';

const ORDERS = 30_000;

let test: TestDatabase;
let db: Kysely<Database>;

beforeAll(async () => {
  test = await createTestDatabase();
  await addMarketplace(test.pg, ORDERS);
  db = connectPlanningAs('admin', test.url);
});
afterAll(async () => {
  await db.destroy();
  await test.drop();
});

const reads = (statement: RawBuilder<unknown>) => readsOf(db, statement);

async function listReads(filter: OrderFilter, sort: OrderSort = 'newest', key?: string) {
  const lookup = await lookUp(test.db, filter);
  const start = key === undefined ? undefined : ({ side: 'after', key } as const);
  return reads(listOrdersStatement({ filter, lookup, sort, start, limit: 50 }));
}

describe('a page of orders', () => {
  // Of each order on the page: its key, itself, its seller, its last line;
  // and one to know where a tie ends.
  const SHOWN = 52 * 4;

  it.each([
    [{}, 'newest'],
    [{}, 'oldest'],
    [{}, 'highest'],
    [{}, 'lowest'],
    [{ firstDay: '2024-06-01', lastDay: '2024-06-30' }, 'newest'],
    [{ seller: 'seller-1' }, 'newest'],
    [{ min: '5000' }, 'highest'],
    [{}, 'changed'],
    [{ changedSince: '2024-06-01' }, 'unchanged'],
  ] as const)('of %j, %s first, reads only what it shows', async (filter, sort) => {
    const { wholeTables, rows } = await listReads(filter, sort);
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(SHOWN);
  });

  it('reads as little when it is the five-hundredth', async () => {
    for (const sort of ['newest', 'highest'] as const) {
      const query = { filter: {}, lookup: await lookUp(test.db, {}), sort, limit: 25_000 };
      const key = (await listOrders(db, query)).orders.at(-1)!.key;
      const { wholeTables, rows } = await listReads({}, sort, key);
      expect(wholeTables).toEqual([]);
      expect(rows).toBeLessThanOrEqual(SHOWN);
    }
  });

  it.each([
    ['a status that most have', { statuses: ['delivered'] }, 'newest', 500],
    ['a status of one in a hundred', { statuses: ['cancelled'] }, 'newest', 8_000],
    ['a rare status', { statuses: ['returned'] }, 'newest', 1_500],
    ['two rare statuses', { statuses: ['returned', 'lost'] }, 'newest', 1_500],
    ['a rare status by the last change', { statuses: ['returned'] }, 'changed', 1_500],
    ['few that were changed', { changedSince: '2025-12-31' }, 'newest', 1_500],
    ['most, changed since', { changedSince: '2024-06-01' }, 'newest', 500],
    ['a small seller by the last change', { seller: 'seller-999' }, 'changed', 500],
    ['a rare status by total', { statuses: ['returned'] }, 'highest', 1_500],
    ['a status that nothing has', { statuses: ['nothing'] }, 'newest', 10],
    ['a large seller by total', { seller: 'seller-1' }, 'highest', 2_000],
    ['a small seller by total', { seller: 'seller-999' }, 'highest', 500],
    ['a day by total', { firstDay: '2024-06-15', lastDay: '2024-06-15' }, 'highest', 500],
    ['few by amount', { min: '5000', max: '5036' }, 'newest', 500],
    ['most by amount', { max: '700' }, 'newest', 500],
    ['one order number', { q: 'N-0007919-1' }, 'newest', 500],
    ['the beginning of all order numbers', { q: 'n-' }, 'newest', 500],
    ['a word that a sixth of the orders have', { q: 'чай' }, 'newest', 3_000],
    ['a rare word', { q: 'модель-777' }, 'newest', 500],
    ['a word that nothing has', { q: 'антиквариат' }, 'newest', 10],
    [
      'a frequent word in a month',
      { q: 'premium', firstDay: '2024-06-01', lastDay: '2024-06-30' },
      'newest',
      3_000,
    ],
  ] as const)('of %s reads no table whole', async (_, filter, sort, most) => {
    const { wholeTables, rows } = await listReads(filter, sort);
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThanOrEqual(most);
  });
});

describe('a search', () => {
  it.each([
    ['two frequent words that never meet', 'чай чашка'],
    ['words that stand never side by side', 'модель-чай'],
    ['a frequent beginning', 'мод'],
    ['the end of a number', '9191'],
    ['nothing that is there', 'антиквариат'],
  ])('for %s looks at few rows', async (_, q) => {
    const lookup = await lookUp(test.db, { q });
    const found = await reads(
      listOrdersStatement({ filter: { q }, lookup, sort: 'newest', limit: 50 }),
    );
    const known = await reads(findKnownWordsStatement(q));
    expect([...found.wholeTables, ...known.wholeTables]).toEqual([]);
    expect(found.rows).toBeLessThan(LOOKED_AT * 5);
    expect(known.rows).toBeLessThan(4_100);
  });

  it('for several words that nothing has looks once at the numbers that are looked through', async () => {
    const known = await reads(findKnownWordsStatement('404x 505x антиквариат seller-000 n-99x'));
    expect(known.wholeTables).toEqual([]);
    expect(known.rows).toBeLessThan(4_100 + NUMBERS_LOOKED_AT);
  });
});

describe('the items of listed orders', () => {
  it('are read by their orders', async () => {
    const ids = Array.from({ length: 100 }, (_, i) => String(i * 250 + 1));
    const { wholeTables, rows } = await reads(listItemsStatement(ids, 1));
    expect(wholeTables).toEqual([]);
    expect(rows).toBe(299);
  });
});

describe('the overview', () => {
  it('reads the rows of the roll-up of its days, the last thirty twice, and no table whole', async () => {
    const { rows: counted } = await test.pg.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM daily_order_stats WHERE day > date '2024-06-15' - 60 AND day <= '2024-06-15'`,
    );
    const read = await reads(findOverviewStatement('2024-06-15', ['cancelled']));
    expect(read.wholeTables).toEqual([]);
    expect(read.rows).toBeLessThanOrEqual(1.7 * counted[0]!.n);
  });

  it('reads as much of health and uploads as it shows', async () => {
    const health = await reads(findHealthStatement('2023-01-03'));
    const uploads = await reads(listUploadsStatement({ limit: 10 }));
    expect([...health.wholeTables, ...uploads.wholeTables]).toEqual([]);
    expect(health.rows + uploads.rows).toBeLessThan(50);
  });
});

describe('refused uploads', () => {
  beforeAll(async () => {
    // Of a thousand sellers, each of whom has a day on which most of them had none.
    await test.pg.query(`
      INSERT INTO upload_refusals (user_id, day, code, first_at, last_at, status, key_id, request_id, pointer, errors_count)
      SELECT 1 + n % 1000, day, 'code-' || n % 3, day, day + n * interval '1 second', 400, 'key', 'request', '', 1
      FROM generate_series(1, 9000) AS n,
        LATERAL (SELECT '2024-06-01'::date + n % 30 AS day) AS d
      ON CONFLICT DO NOTHING;
      ANALYZE upload_refusals`);
  });

  it('are read no further back than the days that are shown, of all sellers or of one', async () => {
    const { rows: day } = await test.pg.query(
      `SELECT FROM upload_refusals WHERE day = '2024-06-30'`,
    );
    const health = await reads(findHealthStatement('2023-01-03'));
    const all = await reads(listRefusalsStatement({ limit: 20 }));
    expect([...health.wholeTables, ...all.wholeTables]).toEqual([]);
    expect(all.rows).toBeLessThanOrEqual(day.length + 1 + 20);
    expect(health.rows).toBeLessThanOrEqual(day.length + 1 + 50);
    const own = await reads(listRefusalsStatement({ seller: 'seller-7', limit: 20 }));
    expect(own.wholeTables).toEqual([]);
    expect(own.rows).toBeLessThan(50);
  });
});

describe('uploads', () => {
  it('of one seller, and one of them, read what they show', async () => {
    await test.pg.query(`
      INSERT INTO uploads (user_id, xid, key_id, request_id, orders_count, items_count)
      SELECT 1 + n % 1000, (n + 1000000)::text::xid8, 'key', 'request', 1, 1 FROM generate_series(1, 5000) AS n;
      SET session_replication_role = replica;
      UPDATE orders SET changed_xid = (1000000 + id / 10)::text::xid8;
      RESET session_replication_role;
      ANALYZE uploads, orders`);
    const list = await reads(listUploadsStatement({ seller: 'seller-7', limit: 51 }));
    const { rows: any } = await test.pg.query<{ id: string }>(
      'SELECT id FROM uploads ORDER BY id OFFSET 2000 LIMIT 1',
    );
    const one = await reads(findUploadStatement(any[0]!.id));
    expect([...list.wholeTables, ...one.wholeTables]).toEqual([]);
    expect(list.rows).toBeLessThan(50);
    expect(one.rows).toBeLessThan(50);
  });
});

describe("an order's history", () => {
  it('reads the order, its items and its versions', async () => {
    const { rows: any } = await test.pg.query<{ n: string }>(
      'SELECT order_number AS n FROM orders WHERE id = 15000',
    );
    const { wholeTables, rows } = await reads(findOrderHistoryStatement(any[0]!.n));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThan(50);
  });
});

describe('a page of sellers', () => {
  const query = { today: '2024-06-15', days: 30, limit: 51 } as const;

  it.each(['revenue', 'orders', 'name'] as const)('by %s reads no table whole', async (sort) => {
    const { wholeTables, rows } = await reads(listSellersStatement({ ...query, sort }));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThan(sort === 'name' ? 500 : 3_000);
  });

  it('by name reads as little when it is the tenth', async () => {
    const page = { ...query, sort: 'name', after: '_500' } as const;
    const { wholeTables, rows } = await reads(listSellersStatement(page));
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThan(500);
  });
});

describe('counting orders', () => {
  const count = (filter: OrderFilter) =>
    reads(countOrdersStatement(filter, { seller: undefined, statuses: filter.statuses ?? [] }));
  const june = { firstDay: '2024-06-01', lastDay: '2024-06-30' };

  it('of a month reads only its rows of the roll-up, once more for its other statuses', async () => {
    const all = await count(june);
    const ofOne = await count({ ...june, statuses: ['returned'] });
    expect([...all.wholeTables, ...ofOne.wholeTables]).toEqual([]);
    expect(all.rows).toBeLessThan(1_500);
    expect(ofOne.rows).toBeLessThan(1_700);
  });

  it('of a status reads no more of the others than can be added up', async () => {
    const { rows } = await count({ statuses: ['returned'] });
    expect(rows).toBeLessThan(21_500);
  });

  it('of more rows than can be added up looks for the years that have orders, one by one', async () => {
    await test.pg.query(
      "UPDATE pg_class SET reltuples = 1000000 WHERE oid = 'daily_order_stats'::regclass",
    );
    const { wholeTables, rows } = await reads(
      countOrdersStatement({}, { seller: undefined, statuses: [] }),
    );
    expect(wholeTables).toEqual([]);
    expect(rows).toBeLessThan(1_500);
  });
});
