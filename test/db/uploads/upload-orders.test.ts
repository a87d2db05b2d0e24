import { describe, expect, it } from 'vitest';
import { DataApiClient } from '../../../db/data-api/client.ts';
import { connect } from '../../../db/data-api/connect.ts';
import { retrying } from '../../../db/data-api/retry.ts';
import { writeLimit } from '../../../db/data-api/write-limit.ts';
import { MAX_BATCH_BYTES, type UploadBatch, uploadBatches } from '../../../db/uploads/batches.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { previewUpload } from '../../../db/uploads/preview.ts';
import { preparedUpload, uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { OrderOwnedByAnotherSellerError } from '../../../db/uploads/upload-outcome.ts';
import { useTestDatabase } from '../../helpers/database.ts';
import {
  item,
  order,
  orders,
  rollUpDifferences,
  shuffled,
  storedOrders,
} from '../../helpers/orders.ts';
import { counts } from './counts.ts';

const test = useTestDatabase();

const upload = (user: string, uploaded: Parameters<typeof uploadOrders>[2]) =>
  uploadOrders(test.db, user, uploaded);

/** As the handler does it: conflicts with other uploads are tried again. */
const uploadRetrying = (user: string, uploaded: Parameters<typeof uploadOrders>[2]) =>
  retrying(() => upload(user, uploaded), { deadlineAt: Date.now() + 60_000 });

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

  it("counts another seller's orders also in the calls after the one that met the first", async () => {
    await upload('owner', orders(300, 'many-'));
    const sent = ofTwoCalls('many-');
    const refused = {
      count: 300,
      orderNumbers: sent.filter((_, i) => i < 100).map((one) => one.order_number),
    };
    await expect(upload('thief', sent)).rejects.toMatchObject(refused);
    await expect(previewUpload(test.db, 'thief', sent)).rejects.toMatchObject(refused);
    expect(await storedOrders(test.pg, 'thief')).toEqual([]);
  });

  it('keeps the first 100 stale orders in its receipt, whichever call came last', async () => {
    const at = (second: number) => `2025-11-12T10:00:0${second}.000000Z`;
    const sent = ofTwoCalls('kept-').map((one) => ({ ...one, updated_at: at(1) }));
    const known = sent.slice(0, -1).map((one) => ({ ...one, items: [], updated_at: at(2) }));
    await upload('keeper', known);
    const { upload_id, ...outcome } = await upload('keeper', sent);
    expect(outcome).toMatchObject({ orders_created: 1, orders_stale: known.length });
    const { rows } = await test.pg.query(
      'SELECT stale_order_numbers AS names FROM uploads WHERE id = $1',
      [upload_id],
    );
    expect(rows[0].names).toEqual(outcome.stale_order_numbers);
    expect(rows[0].names).toEqual(known.slice(0, 100).map((one) => one.order_number));
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
      await Promise.all(
        versions.map((version, n) => uploadRetrying('racer', shuffled(version, 4 * round + n))),
      );
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

/** 300 orders, by their numbers, of which one call carries about two thirds. */
const ofTwoCalls = (prefix: string) =>
  orders(300, prefix, {
    items: Array.from({ length: 14 }, () => item({ name: '\u0001'.repeat(255) })), // 6 bytes each
  }).sort((a, b) => (a.order_number < b.order_number ? -1 : 1));

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
