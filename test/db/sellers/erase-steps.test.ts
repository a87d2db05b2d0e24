import { describe, expect, it } from 'vitest';
import { retrying } from '../../../db/data-api/retry.ts';
import { writeLimit } from '../../../db/data-api/write-limit.ts';
import { eraseOrdersStatement } from '../../../db/sellers/erase-orders.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { untilLockWaits } from '../../helpers/lock-waits.ts';
import { item, order, orders, rollUpDifferences, storedOrders } from '../../helpers/orders.ts';
import { stopBefore } from '../../helpers/stop-point.ts';
import { erase, idOf } from './erasing.ts';

const test = useEmptyDatabase();

const upload = (uploaded = orders(3, 'o')) => uploadOrders(test.db, 'leaving', uploaded);
const items = (count: number) => Array.from({ length: count }, () => item());

async function countRows(table: string): Promise<number> {
  const { rows } = await test.pg.query(`SELECT count(*)::int AS count FROM ${table}`);
  return rows[0].count;
}

describe('a step', () => {
  it.each([
    ['so many orders', { orders: 2, lines: 100 }, 4, 7],
    ['orders of so many lines', { orders: 100, lines: 4 }, 3, 4 + 5],
    ['one order at a time', { orders: 1, lines: 1 }, 8, 6],
    ['all orders', { orders: 100, lines: 100 }, 1, 11],
  ])('deletes %s, each with all its items', async (_how, portion, steps, mostItems) => {
    await upload(
      [6, 1, 0, 1, 0, 2, 1].map((count, i) =>
        order({
          order_number: `${9 - i}`, // not in the order in which they were made
          created_at: `2025-11-12T10:00:0${Math.min(i, 4)}Z`, // the last three at once
          items: items(count),
        }),
      ),
    );
    const seller = await idOf(test.pg, 'leaving');
    const deleted: { orders: number; items: number }[] = [];
    for (let from: string | undefined; ; ) {
      const { rows } = await eraseOrdersStatement(
        seller,
        from,
        portion,
        writeLimit().writeBy,
      ).execute(test.connectAs('sellers'));
      const { orders_deleted, items_deleted, last, is_end } = rows[0]!;
      deleted.push({ orders: orders_deleted, items: items_deleted });
      expect(await rollUpDifferences(test.pg)).toEqual([]);
      if (is_end) break;
      from = last ?? from;
    }
    expect(deleted).toHaveLength(steps);
    expect(Math.max(...deleted.map((step) => step.orders))).toBeLessThanOrEqual(portion.orders);
    expect(Math.max(...deleted.map((step) => step.items))).toBeLessThanOrEqual(mostItems);
    expect(deleted.reduce((sum, step) => sum + step.orders, 0)).toBe(7);
    expect(deleted.reduce((sum, step) => sum + step.items, 0)).toBe(11);
    expect([await countRows('orders'), await countRows('order_items')]).toEqual([0, 0]);
  });

  it('deletes one order of more lines than a step has, alone', async () => {
    await upload([order({ items: [] })]);
    await test.pg.query(
      `INSERT INTO order_items SELECT id, n, 'sku', 'name', 1, 1 FROM orders, generate_series(1, 60000) AS n`,
    );
    expect(await erase(test, await idOf(test.pg, 'leaving'))).toMatchObject({
      done: true,
      orders_deleted: 1,
      items_deleted: 60_000,
    });
    expect(await countRows('order_items')).toBe(0);
  });
});

describe('a step that has to wait', () => {
  it('has locked the orders whose numbers come before, as uploads do', async () => {
    for (const order_number of ['c', 'b', 'd', 'a']) await upload([order({ order_number })]);
    const seller = await idOf(test.pg, 'leaving');
    await test.pg.query(`BEGIN; SELECT FROM orders WHERE order_number = 'b' FOR UPDATE`);
    const erasing = erase(test, seller);
    await untilLockWaits(test.pg, 1);
    const { rows } = await test.pg.query(
      `SELECT order_number FROM orders WHERE order_number <> 'b'
       ORDER BY order_number FOR UPDATE SKIP LOCKED`,
    );
    await test.pg.query('ROLLBACK');
    expect(rows.map(({ order_number }) => order_number)).toEqual(['c', 'd']);
    expect(await erasing).toMatchObject({ done: true });
  });
});

describe('a seller who uploads while being erased', () => {
  const late = [order({ order_number: 'late', created_at: '2020-01-01T00:00:00.000000Z' })];

  it('is not deleted before what has come since the orders were', async () => {
    await upload();
    const seller = await idOf(test.pg, 'leaving');
    const stop = await stopBefore(test.url, 'DELETE', 'daily_order_stats');
    const erasing = erase(test, seller);
    await stop.reached();
    await upload(late);
    await stop.letOn();
    expect(await erasing).toMatchObject({ done: true, orders_deleted: 4, receipts_deleted: 2 });
    expect(await countRows('order_items')).toBe(0);
  });

  it('is not deleted before an upload that is under way is done', async () => {
    await upload();
    const seller = await idOf(test.pg, 'leaving');
    const stored = Promise.withResolvers<void>();
    const waits = Promise.withResolvers<void>();
    const uploading = test.db.transaction().execute(async (trx) => {
      await uploadOrders(trx, 'leaving', late);
      stored.resolve();
      await waits.promise;
    });
    await stored.promise;
    const erasing = erase(test, seller);
    await untilLockWaits(test.pg, 1);
    waits.resolve();
    await uploading;
    expect(await erasing).toMatchObject({ done: true, orders_deleted: 4, receipts_deleted: 2 });
    expect(await countRows('order_items')).toBe(0);
  });

  it('has the last word on an order, which is deleted as it is by then', async () => {
    await upload();
    const seller = await idOf(test.pg, 'leaving');
    const stop = await stopBefore(test.url, 'DELETE', 'orders');
    const reasons: string[] = [];
    const erasing = erase(test, seller, {
      writing: (work) =>
        retrying(() => work(writeLimit()), {
          deadlineAt: Date.now() + 30_000,
          onRetry: ({ reason }) => reasons.push(reason),
        }),
    });
    await stop.reached();
    const changed = order({ order_number: 'o1', total_amount: '7.00', items: items(5) });
    await upload([changed]);
    await stop.letOn();
    expect(await erasing).toMatchObject({ done: true, orders_deleted: 3, items_deleted: 9 });
    expect(reasons).toEqual(['conflict']);
    expect(await countRows('order_items')).toBe(0);
  });

  it('has statistics that are right when there is no time to go on', async () => {
    await upload();
    const seller = await idOf(test.pg, 'leaving');
    const stop = await stopBefore(test.url, 'DELETE', 'uploads');
    const erasing = erase(test, seller, { hasTime: () => false });
    await stop.reached();
    await upload(late);
    await stop.letOn();
    expect(await erasing).toMatchObject({ done: false, orders_left: true, orders_deleted: 3 });
    expect(await rollUpDifferences(test.pg)).toEqual([]);
    expect(await storedOrders(test.pg, 'leaving')).toEqual(late);
    expect(await erase(test, seller)).toMatchObject({ done: true, orders_deleted: 1 });
  });
});

describe('a seller of whom something stays', () => {
  it.each([
    ['DELETE', 'orders', 'SQLState: OA002'],
    ['DELETE', 'order_items', 'SQLState: OA002'],
    ['INSERT', 'daily_order_stats', 'SQLState: OA002'],
    ['DELETE', 'order_versions', 'SQLState: 40001'],
    ['DELETE', 'uploads', 'SQLState: 40001'],
    ['DELETE', 'users', 'SQLState: OA002'],
  ])('is not called erased: %s %s', async (event, table, state) => {
    const uploaded = orders(3, 'o');
    await upload(uploaded.map((one) => ({ ...one, status: 'new' })));
    await upload(uploaded);
    await test.pg.query(`
      CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
      CREATE TRIGGER swallow BEFORE ${event} ON ${table} FOR EACH ROW EXECUTE FUNCTION swallow()`);
    try {
      const seller = await idOf(test.pg, 'leaving');
      await expect(erase(test, seller)).rejects.toThrow(state);
    } finally {
      await test.pg.query('DROP FUNCTION swallow() CASCADE');
    }
    const isOfOrders = table.startsWith('order') || table.startsWith('daily');
    const areKept = isOfOrders && table !== 'order_versions';
    expect(await storedOrders(test.pg, 'leaving')).toEqual(areKept ? uploaded : []);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});
