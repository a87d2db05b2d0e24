import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findOrders, TooManyBytesError } from '../../../db/orders/find-orders.ts';
import { readLargeOrder } from '../../../db/orders/large-order.ts';
import { listOrders } from '../../../db/orders/list-orders.ts';
import type { GivenOrder } from '../../../db/orders/order-json.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { emptyTables, SELLERS } from '../../helpers/empty-tables.ts';
import { order } from '../../helpers/orders.ts';

/** More lines than one call looks at. */
const LINES = 4_500;

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.pg.query('DROP INDEX order_items_search_idx'); // it would take most of the time
});
afterAll(() => test.drop());

let id: number;
beforeEach(async () => {
  await emptyTables(test.pg, SELLERS);
  await uploadOrders(test.db, 'seller', [
    order({ order_number: 'large', items: [] }),
    order({ order_number: 'next' }),
  ]);
  const { rows } = await test.pg.query(
    `INSERT INTO order_items
     SELECT id, n, 'first ' || n, repeat('я', 120), 1, 1 FROM orders, generate_series(1, $1) AS n
     WHERE order_number = 'large' RETURNING order_id`,
    [LINES],
  );
  id = Number(rows[0].order_id);
});

/** The role's connection, where something happens after each of the calls with these numbers. */
function meddling(act: () => Promise<unknown>, isAfter: (call: number) => boolean) {
  let calls = 0;
  return test.connectAs('orders').withPlugin({
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      calls += 1;
      if (isAfter(calls)) await act();
      return result;
    },
  });
}

/** As an upload does. */
async function change(): Promise<void> {
  await test.pg.query(`
    WITH changed AS (
      UPDATE orders SET status = 'second', version = 2, changed_xid = pg_current_xact_id()
      WHERE id = ${id}
    )
    UPDATE order_items SET sku = 'second ' || line_no WHERE order_id = ${id}`);
}

const remove = () => test.pg.query('DELETE FROM orders WHERE id = $1', [id]);

describe('an order that is read in several calls', () => {
  it('is begun anew when it is changed meanwhile', async () => {
    const db = meddling(change, (call) => call === 2);
    const given: GivenOrder = JSON.parse((await readLargeOrder(db, id)) ?? '');
    expect(given).toMatchObject({ status: 'second', version: 2 });
    const skus = Array.from({ length: LINES }, (_, i) => `second ${i + 1}`);
    expect(given.items.map(({ sku }) => sku)).toEqual(skus);
  });

  it('is given up when it is changed each time', async () => {
    const db = meddling(change, () => true);
    await expect(readLargeOrder(db, id)).rejects.toMatchObject({ name: 'DatabaseBusyError' });
  });

  it('is none when it is deleted meanwhile', async () => {
    expect(
      await readLargeOrder(
        meddling(remove, (call) => call === 2),
        id,
      ),
    ).toBeUndefined();
  });
});

describe('a page with an order that is read in several calls', () => {
  it('leaves it out when it is deleted meanwhile', async () => {
    const db = meddling(remove, (call) => call === 1);
    const page = await listOrders(db, { user: 'seller', limit: 10 });
    expect(page?.orders.map((json) => JSON.parse(json).order_number)).toEqual(['next']);
    expect(page?.next).toBeUndefined();
  });

  it('has it without items when they are gone meanwhile', async () => {
    const empty = async () => {
      await change();
      await test.pg.query('DELETE FROM order_items WHERE order_id = $1', [id]);
    };
    const db = meddling(empty, (call) => call === 1);
    const page = await listOrders(db, { user: 'seller', limit: 10 });
    expect(page?.orders.map((json) => JSON.parse(json))).toMatchObject([
      { order_number: 'large', status: 'second', items: [] },
    ]);
  });

  it('is refused where it comes to more than may be answered', async () => {
    const numbers = [['next'], ['large']];
    const found = findOrders(test.db, 'seller', { numbers, maxBytes: 1_000_000 });
    await expect(found).rejects.toThrow(TooManyBytesError);
    expect(await findOrders(test.db, 'seller', { numbers, maxBytes: 2_000_000 })).toHaveLength(2);
  });
});
