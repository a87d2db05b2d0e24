import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeDay } from '../../../db/stats/day-proof.ts';
import {
  type CheckedItems,
  checkItems,
  proveItemsStatement,
} from '../../../db/stats/items-proof.ts';
import { listDaysToProve } from '../../../db/stats/proved-days.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { anyCharacter } from '../../helpers/any-character.ts';
import { changesOf } from '../../helpers/changes.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { emptyTables, SELLERS } from '../../helpers/empty-tables.ts';
import { item, order, orders, storedOrders } from '../../helpers/orders.ts';
import { DAY, endRun, startRun } from '../../helpers/runs.ts';
import { stopBefore } from '../../helpers/stop-point.ts';

const test = useEmptyDatabase();

const nothing = (): CheckedItems => ({
  orders_checked: 0,
  orders_damaged: 0,
  damaged_examples: [],
});

/** As the nightly function does it, with its rights. */
async function check(runId: string, day = DAY): Promise<CheckedItems> {
  const checked = nothing();
  const db = test.connectAs('daily_stats');
  const options = { trying: <T>(work: () => Promise<T>) => work(), hasTime: () => true };
  expect(await checkItems(db, day, runId, checked, options)).toBe(true);
  return checked;
}

const upload = (uploaded: readonly UploadedOrder[]) => uploadOrders(test.db, 'seller', uploaded);

async function idOf(number: string): Promise<number> {
  const { rows } = await test.pg.query('SELECT id FROM orders WHERE order_number = $1', [number]);
  return Number(rows[0].id);
}

const damage = (sql: string, number: string) =>
  test.pg.query(sql.replaceAll('ID', `(SELECT id FROM orders WHERE order_number = '${number}')`));

describe('checkItems', () => {
  it('finds nothing wrong with what was uploaded, whatever characters it has', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anItem, { maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        async (lists) => {
          await emptyTables(test.pg, SELLERS);
          await upload(lists.map((items, i) => order({ order_number: `${i}`, items })));
          expect(await check(randomUUID())).toEqual({
            ...nothing(),
            orders_checked: lists.length,
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it.each([
    ['lacks its last item', 'DELETE FROM order_items WHERE order_id = ID AND line_no = 2', 1],
    ['lacks its first item', 'DELETE FROM order_items WHERE order_id = ID AND line_no = 1', 1],
    ['lacks all items', 'DELETE FROM order_items WHERE order_id = ID', 0],
    ['has an item too many', `INSERT INTO order_items VALUES (ID, 3, 'x', 'x', 1, 1)`, 3],
    [
      'has another price',
      'UPDATE order_items SET price = price + 0.01 WHERE order_id = ID AND line_no = 2',
      2,
    ],
  ])('finds an order that %s, counts it once, and its next upload fixes it', async (_what, sql, left) => {
    const uploaded = orders(3, 'o');
    await upload(uploaded);
    await damage(sql, 'o1');
    const run = await startRun(test.db);
    expect(await check(run)).toEqual({
      orders_checked: 3,
      orders_damaged: 1,
      damaged_examples: [{ order_id: await idOf('o1'), items_stored: left }],
    });
    expect(await check(run)).toMatchObject({ orders_damaged: 0 });
    expect(await endRun(test.db, run)).toMatchObject({ orders_damaged: 1 });

    expect(await upload(uploaded)).toMatchObject({ orders_updated: 1, orders_unchanged: 2 });
    expect(await storedOrders(test.pg, 'seller')).toEqual(uploaded);
    expect(await upload(uploaded)).toMatchObject({ orders_unchanged: 3 });
    expect(await check(run)).toMatchObject({ orders_damaged: 0 });
  });

  it('finds nothing wrong with what was deleted, restored or created again', async () => {
    const { upload: change, remove, undo } = changesOf(test);
    const items = [item({ name: 'Чай "\\', price: '0.10' }), item({ sku: 'x', price: '0.00' })];
    await change(order({ order_number: 'a', items }), order({ order_number: 'b', items }));
    const { upload_id } = await change(
      order({ order_number: 'a', items: [] }),
      order({ order_number: 'created' }),
    );
    await undo(upload_id);
    const deletion = await remove(['b']);
    expect(await check(randomUUID())).toEqual({ ...nothing(), orders_checked: 1 });
    await undo(deletion.upload_id);
    expect(await check(randomUUID())).toEqual({ ...nothing(), orders_checked: 2 });
  });

  it.each([
    1, 2,
  ])('finds nothing wrong with an order that lost its item %s before its upload was undone', async (line) => {
    const { upload: change, undo } = changesOf(test);
    await change(order({ order_number: 'o', items: [item()] }));
    const { upload_id } = await change(order({ order_number: 'o', status: 'paid' }));
    await damage(`DELETE FROM order_items WHERE order_id = ID AND line_no = ${line}`, 'o');
    expect(await check(randomUUID())).toMatchObject({ orders_damaged: 1 });
    expect(await undo(upload_id)).toMatchObject({ orders_restored: 1 });
    expect(await check(randomUUID())).toEqual({ ...nothing(), orders_checked: 1 });
    expect(await storedOrders(test.pg, 'seller')).toMatchObject([{ items: [item()] }]);
  });

  it('looks at the orders of its day alone', async () => {
    await upload([
      order({ order_number: 'before', created_at: '2025-11-11T23:59:59.999999Z' }),
      order({ order_number: 'first', created_at: '2025-11-12T00:00:00.000000Z' }),
      order({ order_number: 'last', created_at: '2025-11-12T23:59:59.999999Z' }),
      order({ order_number: 'after', created_at: '2025-11-13T00:00:00.000000Z' }),
    ]);
    await test.pg.query('DELETE FROM order_items');
    expect(await check(await startRun(test.db))).toMatchObject({
      orders_checked: 2,
      orders_damaged: 2,
    });
  });

  it('does not mark an order that an upload has written meanwhile', async () => {
    await upload([order({ order_number: 'a' })]);
    await damage('DELETE FROM order_items WHERE order_id = ID', 'a');
    const run = await startRun(test.db);
    const stop = await stopBefore(test.url, 'UPDATE', 'orders');
    const checking = check(run);
    await stop.reached();
    const changed = [order({ order_number: 'a', status: 'paid' })];
    await upload(changed);
    await stop.letOn();
    expect(await checking).toMatchObject({ orders_checked: 1, orders_damaged: 0 });
    expect(await upload(changed)).toMatchObject({ orders_unchanged: 1 });
    expect(await check(run)).toMatchObject({ orders_damaged: 0 });
  });

  it('counts an order once when two runs find it at the same moment', async () => {
    await upload([order({ order_number: 'a' })]);
    await damage('DELETE FROM order_items WHERE order_id = ID', 'a');
    const stop = await stopBefore(test.url, 'UPDATE', 'orders');
    const first = check(await startRun(test.db));
    await stop.reached();
    const second = await check(await startRun(test.db));
    await stop.letOn();
    expect([(await first).orders_damaged, second.orders_damaged]).toEqual([0, 1]);
  });

  it('looks at an order with more items than a portion has lines as a whole', async () => {
    const large = order({
      order_number: 'large',
      created_at: '2025-11-12T11:00:00.000000Z',
      items: Array.from({ length: 120_000 }, (_, i) => item({ sku: `${i}`, name: 'x' })),
    });
    const last = order({ order_number: 'last', created_at: '2025-11-12T12:00:00.000000Z' });
    await upload([order(), large, last]);
    await damage('DELETE FROM order_items WHERE order_id = ID AND line_no = 120000', 'large');
    expect(await check(await startRun(test.db))).toEqual({
      orders_checked: 3,
      orders_damaged: 1,
      damaged_examples: [{ order_id: await idOf('large'), items_stored: 119_999 }],
    });
  });

  it('leaves a day for which there is no time to the next nightly run', async () => {
    const day = (order_number: string, day: string) =>
      order({ order_number, created_at: `${day}T10:00:00.000000Z` });
    await upload([day('a', '2025-11-10'), day('b', '2025-11-11')]);
    const run = await startRun(test.db);
    for (const each of ['2025-11-10', '2025-11-11']) await computeDay(test.db, each, run);
    await check(run, '2025-11-10');
    const options = { trying: <T>(work: () => Promise<T>) => work(), hasTime: () => false };
    expect(await checkItems(test.db, '2025-11-11', run, nothing(), options)).toBe(false);
    expect(await listDaysToProve(test.db, DAY)).toEqual(['2025-11-11']);
  });
});

describe('proveItemsStatement', () => {
  it.each([
    ['orders', { orders: 2, lines: 100 }],
    ['lines', { orders: 100, lines: 4 }],
  ])('leaves a day of which a portion had not all %s to the next nightly run', async (_, portion) => {
    await upload(orders(3, 'o'));
    const run = await startRun(test.db);
    await computeDay(test.db, DAY, run);
    const itemsProvedAt = async () =>
      (await test.pg.query('SELECT items_proved_at FROM proved_days')).rows[0].items_proved_at;
    await proveItemsStatement(DAY, undefined, portion, run).execute(test.db);
    expect(await itemsProvedAt()).toBeNull();
    await check(run);
    expect(await itemsProvedAt()).not.toBeNull();
  });

  it('goes on after any order, each of them once', async () => {
    const uploaded = orders(7, 'o').map((each, i) => ({
      ...each,
      created_at: `2025-11-12T10:00:0${Math.floor(i / 3)}.000001Z`, // some at the same instant
      items: Array.from({ length: i % 4 }, () => item()),
    }));
    await upload(uploaded);
    for (const portion of [
      { orders: 1, lines: 100 },
      { orders: 2, lines: 4 },
      { orders: 100, lines: 5 },
      { orders: 7, lines: 100 },
    ]) {
      let checked = 0;
      let after: { at: string; id: number } | undefined;
      for (;;) {
        const { rows } = await proveItemsStatement(DAY, after, portion, randomUUID()).execute(
          test.db,
        );
        checked += rows[0]!.orders_checked;
        expect(rows[0]!.orders_damaged).toBe(0);
        if (rows[0]!.is_end) break;
        after = { at: rows[0]!.last_at!, id: rows[0]!.last_id! };
      }
      expect(checked).toBe(7);
    }
  });
});

const aText = (maxLength: number) =>
  fc
    .string({
      unit: fc.oneof(fc.constantFrom('"', '\\', ',', '{', '}', '\n', ' '), anyCharacter),
      maxLength,
    })
    .filter((text) => !text.includes('\0') && text.isWellFormed());
const anItem = fc.record({
  sku: aText(20),
  name: aText(40),
  quantity: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  price: fc.bigInt({ min: -9_999_999_999n, max: 9_999_999_999n }).map((cents) => {
    const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
    return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
  }),
});
