import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type UploadBatch, type UploadedOrder, uploadBatches } from '../../db/upload-batches.ts';

function order(order_number: string, itemsCount = 1): UploadedOrder {
  return {
    order_number,
    created_at: '2025-11-12T10:00:00.000000Z',
    total_amount: '2500.00',
    status: 'delivered',
    items: Array.from({ length: itemsCount }, (_, i) => ({
      sku: `sku "${i}"`,
      name: 'Чай \\ зелёный',
      quantity: 2,
      price: '500.00',
    })),
  };
}

/** The bytes that a batch adds to the request in which it travels as a string. */
const wireBytes = (json: string) => Buffer.byteLength(JSON.stringify(json)) - 2;

const jsonOf = (batches: readonly UploadBatch[]) =>
  batches.flatMap(({ ordersJson, moreItems }) => [
    ordersJson,
    ...moreItems.map(({ itemsJson }) => itemsJson),
  ]);

describe('uploadBatches', () => {
  it('makes one batch of what fits, sorted by order number', () => {
    const batches = uploadBatches([order('b'), order('a'), order('B')]);
    expect(batches).toHaveLength(1);
    const orders = JSON.parse(batches[0]!.ordersJson) as { n: string }[];
    expect(orders.map((o) => o.n)).toEqual(['B', 'a', 'b']);
  });

  it('fills batches by their bytes on the wire, to the byte', () => {
    const orders = ['1', '2', '3', '4'].map((n) => order(n));
    const both = wireBytes(uploadBatches(orders.slice(0, 2))[0]!.ordersJson);
    expect(uploadBatches(orders, both)).toHaveLength(2);
    expect(uploadBatches(orders, both - 1)).toHaveLength(4);
    for (const json of jsonOf(uploadBatches(orders, both))) expect(wireBytes(json)).toBe(both);
  });

  it('divides an order that is too large by its items, keeping their line numbers', () => {
    const large = order('large', 100);
    const limit = 2_000;
    const batches = uploadBatches([order('a'), large, order('z')], limit);
    for (const json of jsonOf(batches)) expect(wireBytes(json)).toBeLessThanOrEqual(limit);

    expect(batches.map(({ moreItems }) => moreItems.length > 0)).toEqual([false, true, false]);
    const [, { ordersJson, moreItems }] = batches as [UploadBatch, UploadBatch];
    const [{ n, k, i: firstItems }] = JSON.parse(ordersJson);
    expect({ n, k }).toEqual({ n: 'large', k: 100 });
    let next = 1 + firstItems.length;
    for (const { orderNumber, firstLineNo, itemsJson } of moreItems) {
      expect({ orderNumber, firstLineNo }).toEqual({ orderNumber: 'large', firstLineNo: next });
      next += JSON.parse(itemsJson).length;
    }
    expect(next).toBe(101);
  });

  it('divides an order only when it is a byte too large', () => {
    const whole = wireBytes(uploadBatches([order('1', 20)])[0]!.ordersJson);
    expect(uploadBatches([order('1', 20)], whole)[0]!.moreItems).toHaveLength(0);
    expect(uploadBatches([order('1', 20)], whole - 1)[0]!.moreItems).toHaveLength(1);
  });

  it('counts bytes as JSON within JSON needs them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 2 }), (names) => {
        const orders = names.map((name, i) => ({ ...order(String(i)), status: name }));
        const all = wireBytes(uploadBatches(orders)[0]!.ordersJson);
        expect(uploadBatches(orders, all)).toHaveLength(1);
        expect(uploadBatches(orders, all - 1).length).toBeGreaterThan(1);
      }),
    );
  });

  it('gives the same digest to the same items only', () => {
    const digest = (o: UploadedOrder) =>
      (JSON.parse(uploadBatches([o])[0]!.ordersJson) as { d: string }[])[0]!.d;
    const [item] = order('1').items;
    const other = { ...order('1'), items: [{ ...item!, price: '500.01' }] };
    expect(digest(order('1'))).toBe(digest(order('2')));
    expect(digest(other)).not.toBe(digest(order('1')));
  });
});
