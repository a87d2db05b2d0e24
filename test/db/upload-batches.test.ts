import { describe, expect, it } from 'vitest';
import { type UploadedOrder, uploadBatches } from '../../db/upload-batches.ts';

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
const wireBytes = (batch: { json: string }) => Buffer.byteLength(JSON.stringify(batch.json)) - 2;

describe('uploadBatches', () => {
  it('makes one batch of what fits, sorted by order number', () => {
    const batches = uploadBatches([order('b'), order('a'), order('B')]);
    expect(batches).toHaveLength(1);
    const orders = JSON.parse(batches[0]!.json) as { n: string }[];
    expect(orders.map((o) => o.n)).toEqual(['B', 'a', 'b']);
  });

  it('fills batches by their bytes on the wire, to the byte', () => {
    const orders = ['1', '2', '3', '4'].map((n) => order(n));
    const both = wireBytes(uploadBatches(orders.slice(0, 2))[0]!);
    expect(uploadBatches(orders, both)).toHaveLength(2);
    expect(uploadBatches(orders, both - 1).length).toBeGreaterThan(2);
    for (const batch of uploadBatches(orders, both)) {
      expect(wireBytes(batch)).toBeLessThanOrEqual(both);
    }
  });

  it('divides an order that is too large by its items, keeping their line numbers', () => {
    const large = order('large', 100);
    const limit = 2_000;
    const batches = uploadBatches([order('a'), large, order('z')], limit);
    for (const batch of batches) expect(wireBytes(batch)).toBeLessThanOrEqual(limit);

    const [first, head, ...rest] = batches;
    expect(first).toMatchObject({ kind: 'orders' });
    expect(JSON.parse(head!.json)).toMatchObject([{ n: 'large', k: 100, i: [] }]);
    const slices = rest.slice(0, -1);
    let next = 1;
    for (const slice of slices) {
      expect(slice).toMatchObject({ kind: 'items', order_number: 'large', first_line_no: next });
      next += (JSON.parse(slice.json) as unknown[]).length;
    }
    expect(next).toBe(101);
    expect(JSON.parse(rest.at(-1)!.json)).toMatchObject([{ n: 'z' }]);
  });

  it('gives the same digest to the same items only', () => {
    const digest = (o: UploadedOrder) =>
      (JSON.parse(uploadBatches([o])[0]!.json) as { d: string }[])[0]!.d;
    const [item] = order('1').items;
    const other = { ...order('1'), items: [{ ...item!, price: '500.01' }] };
    expect(digest(order('1'))).toBe(digest(order('2')));
    expect(digest(other)).not.toBe(digest(order('1')));
  });
});
