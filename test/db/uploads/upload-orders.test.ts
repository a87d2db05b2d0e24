import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataApiClient } from '../../../db/data-api/client.ts';
import { connect } from '../../../db/data-api/connect.ts';
import { retrying } from '../../../db/data-api/retry.ts';
import { writeLimit } from '../../../db/data-api/write-limit.ts';
import { MAX_BATCH_BYTES, type UploadBatch, uploadBatches } from '../../../db/uploads/batches.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { preparedUpload, uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { OrderOwnedByAnotherSellerError } from '../../../db/uploads/upload-outcome.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import {
  item,
  order,
  orders,
  rollUpDifferences,
  shuffled,
  storedOrders,
} from '../../helpers/orders.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const upload = (user: string, uploaded: Parameters<typeof uploadOrders>[2]) =>
  uploadOrders(test.db, user, uploaded);

/** As the handler does it: conflicts with other uploads are tried again. */
const uploadRetrying = (user: string, uploaded: Parameters<typeof uploadOrders>[2]) =>
  retrying(() => upload(user, uploaded), { deadlineAt: Date.now() + 60_000 });

const counts = (created: number, updated: number, unchanged: number) => ({
  orders_created: created,
  orders_updated: updated,
  orders_unchanged: unchanged,
});

describe('uploadOrders', () => {
  it('stores new orders with their items and rolls them up', async () => {
    const uploaded = [order({ order_number: 'new-1' }), order({ order_number: 'new-2' })];
    expect(await upload('new', uploaded)).toMatchObject(counts(2, 0, 0));
    expect(await storedOrders(test.pg, 'new')).toEqual(uploaded);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it.each([
    ['its amount', order({ order_number: 'upd', total_amount: '-3.10' })],
    ['its status', order({ order_number: 'upd', status: 'returned' })],
    ['its day', order({ order_number: 'upd', created_at: '2025-11-13T00:00:00.000000Z' })],
    ['one item fewer', order({ order_number: 'upd', items: [item()] })],
    ['one item more', order({ order_number: 'upd', items: [item(), item(), item()] })],
    ['no items', order({ order_number: 'upd', items: [] })],
    [
      "only an item's price",
      order({ order_number: 'upd', items: [item(), item({ price: '0.01' })] }),
    ],
  ])('updates an order that changed in %s', async (_what, changed) => {
    await upload('updating', [order({ order_number: 'upd' })]);
    expect(await upload('updating', [changed])).toMatchObject(counts(0, 1, 0));
    expect(await storedOrders(test.pg, 'updating')).toEqual([changed]);
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('writes no row for orders that are the same', async () => {
    const uploaded = orders(20, 'same-');
    await upload('same', uploaded);
    const versions = async () =>
      (
        await test.pg.query(
          `SELECT array_agg(v) AS versions FROM (
             SELECT xmin::text || ctid::text AS v FROM orders
             UNION ALL SELECT xmin::text || ctid::text FROM order_items
             UNION ALL SELECT xmin::text || ctid::text FROM daily_order_stats ORDER BY 1) AS r`,
        )
      ).rows;
    const before = await versions();
    expect(await upload('same', uploaded)).toMatchObject(counts(0, 0, 20));
    expect(await versions()).toEqual(before);
  });

  it('counts what is created, updated and unchanged in one upload', async () => {
    await upload('mixed', orders(2, 'mixed-'));
    const uploaded = orders(3, 'mixed-');
    uploaded[1] = order({ order_number: 'mixed-1', status: 'sent' });
    expect(await upload('mixed', uploaded)).toMatchObject(counts(1, 1, 1));
    expect(await storedOrders(test.pg, 'mixed')).toEqual(uploaded);
  });

  it("refuses another seller's orders by their numbers and stores nothing", async () => {
    await upload('owner', orders(3, 'owned-'));
    const attempt = upload('thief', [...orders(2, 'owned-'), order({ order_number: 'own' })]);
    await expect(attempt).rejects.toThrow(OrderOwnedByAnotherSellerError);
    await expect(attempt).rejects.toMatchObject({ orderNumbers: ['owned-0', 'owned-1'], count: 2 });
    expect(await storedOrders(test.pg, 'thief')).toEqual([]);
    expect(await storedOrders(test.pg, 'owner')).toEqual(orders(3, 'owned-'));
    const { rows } = await test.pg.query(`SELECT FROM users WHERE username = 'thief'`);
    expect(rows).toEqual([]);
  });

  it('gives orders that two sellers upload at the same moment to one of them, whole', async () => {
    for (let round = 0; round < 10; round++) {
      const contested = orders(20, `contested-${round}-`);
      const outcomes = await Promise.allSettled([
        uploadRetrying('left', contested),
        uploadRetrying('right', contested),
      ]);
      const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      const losers = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(winners).toHaveLength(1);
      expect(losers[0]?.reason).toMatchObject({
        name: 'OrderOwnedByAnotherSellerError',
        count: 20,
      });
    }
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('lets uploads of the same orders follow each other as a whole', async () => {
    for (let round = 0; round < 10; round++) {
      const versions = [1, 2, 3, 4].map((n) =>
        orders(50, `race-${round}-`, {
          status: `by ${n}`,
          total_amount: `${n}.00`,
          items: Array.from({ length: n }, () => item({ quantity: n })),
        }),
      );
      await Promise.all(versions.map((version) => uploadRetrying('racer', shuffled(version))));
      const stored = (await storedOrders(test.pg, 'racer')).filter((o) =>
        o.order_number.startsWith(`race-${round}-`),
      );
      const byNumber = (a: { order_number: string }, b: { order_number: string }) =>
        a.order_number < b.order_number ? -1 : 1;
      expect(versions.map((version) => version.sort(byNumber))).toContainEqual(stored);
    }
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('stores an order with more items than one call can carry', async () => {
    const name = 'Чай зелёный листовой '.repeat(5);
    const large = order({
      order_number: 'large',
      items: Array.from({ length: 20_000 }, (_, i) => item({ sku: `sku-${i}`, name })),
    });
    expect(await upload('large', [large, order({ order_number: 'small' })])).toMatchObject(
      counts(2, 0, 0),
    );
    expect(await storedOrders(test.pg, 'large')).toEqual([large, order({ order_number: 'small' })]);
    expect(await upload('large', [large])).toMatchObject(counts(0, 0, 1));

    const shorter = { ...large, items: large.items.slice(0, 15_000) };
    expect(await upload('large', [shorter])).toMatchObject(counts(0, 1, 0));
    expect((await storedOrders(test.pg, 'large'))[0]?.items).toHaveLength(15_000);
  });

  describe('of one order that alone is too large for a call', () => {
    const large = (itemsCount: number, name = 'Чай зелёный листовой '.repeat(9)) =>
      order({
        order_number: 'alone',
        items: Array.from({ length: itemsCount }, (_, i) => item({ sku: `sku-${i}`, name })),
      });
    const stored = async () => (await storedOrders(test.pg, 'alone'))[0];
    /** The same in few rows: each of these characters takes 6 bytes in a request. */
    const heavy = (order_number: string, itemsCount: number) =>
      order({
        order_number,
        updated_at: '2025-11-12T10:00:01Z',
        items: Array.from({ length: itemsCount }, () => item({ name: '\u0001'.repeat(255) })),
      });

    it('stores every item, and again, and fewer, and more', async () => {
      expect(await upload('alone', [large(30_000)])).toMatchObject(counts(1, 0, 0));
      expect(await stored()).toEqual(large(30_000));
      expect(await upload('alone', [large(30_000)])).toMatchObject(counts(0, 0, 1));
      expect(await upload('alone', [large(20_000, 'other '.repeat(40))])).toMatchObject(
        counts(0, 1, 0),
      );
      expect(await stored()).toEqual(large(20_000, 'other '.repeat(40)));
      expect(await upload('alone', [large(30_000)])).toMatchObject(counts(0, 1, 0));
      expect(await stored()).toEqual(large(30_000));
    }, 60_000);

    it('gives the last items to one that was stored without them', async () => {
      await upload('alone', [large(30_000)]);
      await test.pg.query(`DELETE FROM order_items USING orders
        WHERE id = order_id AND order_number = 'alone' AND line_no > 18110`);
      expect(await upload('alone', [large(30_000)])).toMatchObject(counts(0, 1, 0));
      expect(await stored()).toEqual(large(30_000));
      expect(await upload('alone', [large(30_000)])).toMatchObject(counts(0, 0, 1));
      expect(await rollUpDifferences(test.pg)).toEqual([]);
    }, 60_000);

    it('takes no stored order of other items for a damaged one', async () => {
      const digests = async () => {
        const { rows } = await test.pg.query<{ was: string | null; is: string }>(
          `SELECT encode(o.items_digest, 'hex') AS is, encode(v.items_digest, 'hex') AS was
           FROM orders AS o LEFT JOIN order_versions AS v ON v.order_id = o.id
           WHERE o.order_number = 'other'`,
        );
        return rows[0];
      };
      await upload('other', [order({ order_number: 'other', updated_at: '2025-11-12T10:00:02Z' })]);
      const uploaded = (await digests())?.is;
      expect(await upload('other', [heavy('other', 3_000)])).toMatchObject({ orders_stale: 1 });
      expect(await digests()).toEqual({ was: null, is: uploaded });
      const newer = { ...heavy('other', 3_000), updated_at: '2025-11-12T10:00:03Z' };
      expect(await upload('other', [newer])).toMatchObject({ orders_updated: 1 });
      expect(await digests()).toMatchObject({ was: uploaded });
    });

    it('keeps the same of two states of one time, whichever comes first', async () => {
      const left: unknown[] = [];
      for (const [number, first, second] of [
        ['tie-1', 3_000, 3_001],
        ['tie-2', 3_001, 3_000],
      ] as const) {
        await upload('ties', [heavy(number, first)]);
        await upload('ties', [heavy(number, second)]);
        const { rows } = await test.pg.query(
          `SELECT count(*) FROM order_items JOIN orders ON id = order_id WHERE order_number = $1`,
          [number],
        );
        left.push(rows[0]);
      }
      expect(left[0]).toEqual(left[1]);
    });
  });

  describe('when the database swallows a row', () => {
    const SWALLOWED = { items: [item({ sku: 'swallowed' })], order_number: 'lossy' };
    const LARGE = Array.from({ length: 3_000 }, () => item({ name: '\u0001'.repeat(255) }));

    /** A trigger that skips rows without a word, as a statement that loses some would. */
    async function swallowing<T>(table: string, rows: string, work: () => Promise<T>): Promise<T> {
      await test.pg.query(`
        CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER swallow BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW
        WHEN (${rows}) EXECUTE FUNCTION swallow()`);
      try {
        return await work();
      } finally {
        await test.pg.query('DROP FUNCTION swallow() CASCADE');
      }
    }

    it.each([
      [
        'an item of a new order',
        undefined,
        order(SWALLOWED),
        'order_items',
        `new.sku = 'swallowed'`,
      ],
      [
        'an item of a changed order',
        order({ ...SWALLOWED, items: [item()] }),
        order(SWALLOWED),
        'order_items',
        `new.sku = 'swallowed'`,
      ],
      [
        'one item more of a changed order',
        order({ ...SWALLOWED, items: [item()] }),
        order({ ...SWALLOWED, items: [item(), ...SWALLOWED.items] }),
        'order_items',
        `new.sku = 'swallowed'`,
      ],
      [
        'one of the items that another call stores',
        undefined,
        order({ ...SWALLOWED, items: [...LARGE, ...SWALLOWED.items] }),
        'order_items',
        `new.sku = 'swallowed'`,
      ],
      [
        'a day of the roll-up',
        undefined,
        order({ ...SWALLOWED, status: 'lost' }),
        'daily_order_stats',
        `new.status = 'lost'`,
      ],
    ])('fails when that is %s, and stores nothing', async (_what, before, uploaded, table, rows) => {
      await upload('before', [order({ order_number: 'before' })]);
      await test.pg.query(`DELETE FROM users WHERE username = 'lossy'`);
      if (before) await upload('lossy', [before]);
      const attempt = swallowing(table, rows, () => upload('lossy', [uploaded]));
      await expect(attempt).rejects.toThrow('SQLState: OA002');
      expect(await storedOrders(test.pg, 'lossy')).toEqual(before ? [before] : []);
      expect(await rollUpDifferences(test.pg)).toEqual([]);
    });

    it('does not acknowledge an order that is lost', async () => {
      const attempt = swallowing('orders', `new.order_number = 'lossy'`, () =>
        upload('lossy orders', [order(SWALLOWED)]),
      );
      await expect(attempt).rejects.toThrow('SQLState: 40001');
    });
  });

  it('sends in one call what fits a request to the byte, and a byte more in a transaction', async () => {
    const user = '🍵'.repeat(50); // what else a request holds, at its longest
    const fits = ordersOfSize(MAX_BATCH_BYTES);
    const tooMuch = ordersOfSize(MAX_BATCH_BYTES + 1);
    const client = new DataApiClient();
    const db = connect(test.address, client);
    expect(await uploadOrders(db, user, fits)).toMatchObject(counts(fits.length, 0, 0));
    expect(client.usage.calls).toBe(1);
    expect(await uploadOrders(db, user, tooMuch)).toMatchObject(counts(0, 1, fits.length - 1));
    expect(client.usage.calls).toBe(1 + 4);
  });

  it('stores none of a large upload when one of its last orders is taken', async () => {
    await upload('first', [order({ order_number: 'zz-taken' })]);
    const uploaded = [...orders(20_000, 'bulk-'), order({ order_number: 'zz-taken' })];
    await expect(upload('second', uploaded)).rejects.toMatchObject({ orderNumbers: ['zz-taken'] });
    expect(await storedOrders(test.pg, 'second')).toEqual([]);
  });

  it('divides the orders into calls once, however often they are tried', async () => {
    let looks = 0;
    const looked: UploadedOrder = {
      ...order({ order_number: 'looked-at' }),
      get items() {
        looks += 1;
        return [item()];
      },
    };
    const prepared = preparedUpload('looker', [looked]);
    const looksOnce = looks;
    expect(looksOnce).toBeGreaterThan(0);
    expect(await prepared(test.db, writeLimit())).toMatchObject(counts(1, 0, 0));
    expect(await prepared(test.db, writeLimit())).toMatchObject(counts(0, 0, 1));
    expect(looks).toBe(looksOnce);
  });
});

/** Orders that take exactly so many bytes of a request. */
function ordersOfSize(sizeBytes: number): UploadedOrder[] {
  const name = '\u0001'.repeat(255); // 6 bytes each
  const items = Array.from({ length: 8 }, () => item({ sku: 'x', name }));
  const uploaded = orders(Math.floor(sizeBytes / 12_900), 'sized-', { items });
  const [batch] = uploadBatches(uploaded, Infinity);
  let missingBytes = sizeBytes - batchBytes(batch!);
  return uploaded.map((o) => ({
    ...o,
    items: o.items.map((i) => {
      const added = Math.min(49, missingBytes);
      missingBytes -= added;
      return { ...i, sku: 'x'.repeat(1 + added) };
    }),
  }));
}

/**
 * As `uploadBatches` counts them: within the request's JSON,
 * each of 12 columns with one comma to spare.
 */
function batchBytes({ orders, items }: UploadBatch): number {
  const literals = Object.values({ ...orders, ...items });
  return literals.reduce((sum, text) => sum + Buffer.byteLength(JSON.stringify(text)) - 2 + 1, 0);
}
