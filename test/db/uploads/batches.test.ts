import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type UploadBatch, uploadBatches } from '../../../db/uploads/batches.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { anyCharacter } from '../../helpers/any-character.ts';
import { plainBatches } from './plain-batches.ts';

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

/** The bytes that a call's columns add to the request in which they travel as strings. */
const wireBytes = (...columns: object[]) =>
  columns
    .flatMap((column) => Object.values(column) as string[])
    .reduce((sum, literal) => sum + Buffer.byteLength(JSON.stringify(literal)) - 2, 0);

const [{ orders: ORDERS, items: ITEMS }] = uploadBatches([order('1')]) as [UploadBatch];

/** Every element counts with a comma, also the last of each column. */
const SPARE_COMMAS = Object.keys({ ...ORDERS, ...ITEMS }).length;

/** The braces of an order's columns, which count with each call. */
const NO_ORDERS_BYTES = wireBytes(Object.keys(ORDERS).map(() => '{}'));

const callBytes = (batches: readonly UploadBatch[]) =>
  batches.flatMap(({ orders, items, moreItems }) => [
    wireBytes(orders, items),
    ...moreItems.map((more) => wireBytes(more.items) + NO_ORDERS_BYTES),
  ]);

/** The elements of an array literal without commas or quotes in them. */
const elements = (literal: string) => literal.slice(1, -1).replaceAll('"', '').split(',');

describe('uploadBatches', () => {
  it('makes one batch of what fits, sorted by order number', () => {
    const batches = uploadBatches([order('b'), order('a', 2), order('B')]);
    expect(batches).toHaveLength(1);
    const [{ orders, items }] = batches as [UploadBatch];
    expect(elements(orders.order_number)).toEqual(['B', 'a', 'b']);
    expect(elements(orders.items_count)).toEqual(['1', '2', '1']);
    expect(elements(items.place)).toEqual(['1', '2', '2', '3']);
    expect(elements(items.line_no)).toEqual(['1', '1', '2', '1']);
  });

  it('sorts as the database does, also what JavaScript would sort otherwise', () => {
    const numbers = ['Ａ-1', '😀-1', 'ж', 'Ａ', '😀'];
    const [{ orders }] = uploadBatches(numbers.map((number) => order(number))) as [UploadBatch];
    expect(elements(orders.order_number)).toEqual(['ж', 'Ａ', 'Ａ-1', '😀', '😀-1']);
  });

  it('fills batches by their bytes on the wire, never beyond the limit', () => {
    const orders = ['1', '2', '3', '4'].map((n) => order(n));
    const [both = 0] = callBytes(uploadBatches(orders.slice(0, 2)));
    const limit = both + SPARE_COMMAS;
    expect(uploadBatches(orders, limit)).toHaveLength(2);
    expect(uploadBatches(orders, limit - 1)).toHaveLength(4);
  });

  it('divides an order that is too large by its items, keeping their line numbers', () => {
    const large = order('large', 100);
    const limit = 2_000;
    const batches = uploadBatches([order('a'), large, order('z')], limit);
    for (const sizeBytes of callBytes(batches)) expect(sizeBytes).toBeLessThanOrEqual(limit);

    expect(batches.map(({ moreItems }) => moreItems.length > 0)).toEqual([false, true, false]);
    const [, { orders, items, moreItems }] = batches as [UploadBatch, UploadBatch];
    expect(orders).toMatchObject({ order_number: '{"large"}', items_count: '{100}' });
    expect(moreItems.every(({ orderNumber }) => orderNumber === 'large')).toBe(true);
    const lineNos = [items, ...moreItems.map((more) => more.items)].flatMap(({ line_no }) =>
      elements(line_no).map(Number),
    );
    expect(lineNos).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
  });

  it('divides an order only when it is a byte too large', () => {
    const [sizeBytes = 0] = callBytes(uploadBatches([order('1', 20)]));
    const whole = sizeBytes + SPARE_COMMAS;
    expect(uploadBatches([order('1', 20)], whole)[0]!.moreItems).toHaveLength(0);
    expect(uploadBatches([order('1', 20)], whole - 1)[0]!.moreItems).toHaveLength(1);
  });

  it('makes what the plain way makes, whatever the texts are and wherever a call is full', () => {
    const odd = fc.constantFrom('"', '\\', '\n', '\x1f', '\x7f', ',', '{', '🍵', 'ё', '€', 'a');
    const aText = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 9 }),
      fc.string({ unit: odd, maxLength: 9 }),
    );
    const anItem = fc.record({
      sku: aText,
      name: aText,
      quantity: fc.nat(2 ** 31 - 1),
      price: fc.constantFrom('0.00', '-99999999.99'),
    });
    const anOrder = fc.record(
      {
        ...{ order_number: aText, created_at: fc.constant('2025-11-12T10:00:00.000000Z') },
        ...{ total_amount: fc.constantFrom('0.00', '-9999999999.99'), status: aText },
        updated_at: fc.constant('2025-11-13T10:00:00.000000Z'),
        items: fc.array(anItem, { maxLength: 4 }),
      },
      { requiredKeys: ['order_number', 'created_at', 'total_amount', 'status', 'items'] },
    );
    const orders = fc.uniqueArray(anOrder, { selector: (o) => o.order_number, maxLength: 5 });
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 1_500 }), (uploaded, someBytes) => {
        const whole = Math.max(...callBytes(uploadBatches(uploaded))) + SPARE_COMMAS;
        for (const maxBytes of [someBytes, whole, whole - 1]) {
          expect(uploadBatches(uploaded, maxBytes)).toEqual(plainBatches(uploaded, maxBytes));
        }
      }),
    );
  });

  it('takes no half of a surrogate pair, which could not be stored as it is', () => {
    expect(() => uploadBatches([{ ...order('1'), status: '\ud83d' }])).toThrow(TypeError);
    expect(() => uploadBatches([{ ...order('1'), status: '\udf75a' }])).toThrow(TypeError);
  });

  it('has nothing in a batch of orders that came before, also of those that it did not take', () => {
    const alone = uploadBatches([order('1')]);
    const refused = [order('a'), { ...order('b', 2), status: '\ud83d' }];
    expect(() => uploadBatches(refused)).toThrow(TypeError);
    expect(uploadBatches([order('1')])).toEqual(alone);
    expect(alone).toEqual(plainBatches([order('1')], 1_000_000));
  });

  it('gives the same digest to the same items only', () => {
    const digest = (o: UploadedOrder) => uploadBatches([o])[0]!.orders.items_digest;
    const [item] = order('1').items;
    const other = { ...order('1'), items: [{ ...item!, price: '500.01' }] };
    expect(digest(order('1'))).toBe(digest(order('2')));
    expect(digest(other)).not.toBe(digest(order('1')));
    // Stored digests are compared with those of today.
    expect(digest(order('1'))).toBe('{cNmE4QZ1Kc4V5qMcTWE5HH3KzydsloqLF02KF/C74AY=}');
    const moved = { ...order('1'), items: [{ ...item!, sku: 'a","b', name: 'c' }] };
    const other2 = { ...order('1'), items: [{ ...item!, sku: 'a', name: 'b","c' }] };
    expect(digest(moved)).not.toBe(digest(other2));
  });
});
