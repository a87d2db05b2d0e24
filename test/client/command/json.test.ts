import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonOrders } from '../../../client/src/command/json-orders.ts';
import { all, read, sent, write, wrong } from './read-file.ts';

const ORDERS = [
  { order_number: '1', total_amount: '2.50', items: [{ name: 'a "}] b' }] },
  { order_number: '2', total_amount: 1.1, note: '\\', items: [] },
];
const [ONE, TWO] = ORDERS.map((order) => JSON.stringify(order));

describe('JSON', () => {
  it.each([
    ['an array', JSON.stringify(ORDERS)],
    ['an array with line breaks', JSON.stringify(ORDERS, undefined, 2)],
    ["the API's form", JSON.stringify({ user: 'me', orders: ORDERS })],
    [
      "the API's form with something else before",
      JSON.stringify({ of: { shops: ['"orders":[', {}] }, pages: [1], user: 'me', orders: ORDERS }),
    ],
    [
      'more than one upload',
      `${JSON.stringify({ user: 'me', orders: [ORDERS[0]] })}\n{"orders":[${TWO}],"user":"me"}`,
    ],
    ['a line each', `${ONE}\n${TWO}\n`],
    ['lines of Windows with an empty one', `${ONE}\r\n\r\n${TWO}`],
  ])('is read as %s', async (_what, text) => {
    expect(sent(await read(write('orders.json', text)))).toEqual(ORDERS);
  });

  it('is read the same wherever its parts end', async () => {
    const text = `{"user": "}]{[", "orders": [${ONE},\n ${TWO}]} ${TWO}`;
    const read = (parts: string[]) => all(jsonOrders(inParts(parts)));
    const whole = await read([text]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 8 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const parts = places.slice(1).map((end, i) => text.slice(places[i], end));
        expect(await read(parts)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
    expect(sent(whole)).toEqual([...ORDERS, ORDERS[1]]);
    expect(whole.map(({ line, column }) => [line, column])).toEqual([
      [1, text.indexOf('[{') + 2],
      [2, 2],
      [2, 2 + (TWO?.length ?? 0) + 3],
    ]);
  });

  it.each([
    `{"orders": [${ONE}], "of": {"a": "}"}, "user": "other"}`,
    `{"user": "other", "orders": [${ONE}]}`,
  ])("is no other seller's: %s", async (text) => {
    await expect(all(jsonOrders(inParts([text]), 'me'))).rejects.toThrow(
      'These are orders of other',
    );
  });

  it.each([
    [{ ...ORDERS[0], orders: [] }],
    [{ ...ORDERS[0], orders: [ORDERS[1]] }],
    [{ items: [], orders: [ORDERS[1]] }],
  ])('is an order also where that has orders of its own: %j', async (order) => {
    const orders = await read(write('own.ndjson', `${JSON.stringify(order)}\n${TWO}`));
    expect(orders.map(({ raw }) => JSON.parse(raw))).toEqual([order, ORDERS[1]]);
  });

  it('is an order also where that is no JSON and has orders of its own', async () => {
    const bad = `{"order_number":"1","total_amount":01,"orders":[${ONE}]}`;
    expect(wrong(await read(write('bad-own.ndjson', `${bad}\n${TWO}`)))).toEqual([
      ['invalid_json'],
      [],
    ]);
  });

  it.each([
    ['{"orders":[],"order_number":"1"}', 'line 1, column 32, an order ends that has orders of'],
    [`{"orders":[${ONE}],\n"orders":[${TWO}]}`, 'what ends has "orders" twice'],
  ])('loses no order that cannot be told from what is around orders: %s', async (text, told) => {
    await expect(read(write('lost.ndjson', text))).rejects.toThrow(told);
  });

  it('ends where an order is longer than any may be, and says where it begins', async () => {
    const filler = ' '.repeat(2 ** 20);
    const texts = [`${ONE}\n{"order_number":"2"\n`, ...Array.from({ length: 17 }, () => filler)];
    const told = 'at line 2, column 1, what begins has more than 16 MiB';
    await expect(all(jsonOrders(inParts(texts)))).rejects.toThrow(told);
  });

  it('keeps every digit', async () => {
    const text = '[{"order_number":"1","total_amount":9999999999.990}]';
    const [first] = await read(write('digits.json', text));
    expect(first?.order).toEqual({
      order_number: '1',
      json: text.slice(1, -1),
      totalCents: 999_999_999_999n,
    });
  });

  it('is refused when it says that it is of another seller', async () => {
    const path = write('others.json', JSON.stringify({ user: 'Ann', orders: ORDERS }));
    await expect(read(path)).rejects.toThrow('orders of Ann, and the key is that of me');
  });

  it('is of the seller whose name is composed otherwise', async () => {
    const text = JSON.stringify({ user: 'Café'.normalize('NFD'), orders: ORDERS });
    expect(sent(await all(jsonOrders(inParts([text]), 'Café')))).toEqual(ORDERS);
  });

  it('is decompressed', async () => {
    const path = write('orders.ndjson.gz', gzipSync(`${ONE}\n${TWO}`));
    expect(sent(await read(path))).toEqual(ORDERS);
    const half = write('half.ndjson.gz', gzipSync(`${ONE}\n${TWO}`).subarray(0, 60));
    await expect(read(half)).rejects.toThrow('no whole gzip file');
  });

  it('goes on after an order that is none', async () => {
    const bad = [
      '{"order_number":"1",}',
      '{"order_number":"1","total_amount":01.50}',
      '{"total_amount":1}',
      '{"order_number":1001}',
    ];
    const orders = await read(write('bad.ndjson', [...bad, TWO].join('\n')));
    expect(wrong(orders)).toEqual([
      ['invalid_json'],
      ['invalid_json'],
      ['missing'],
      ['invalid_type'],
      [],
    ]);
    expect(orders.map(({ line }) => line)).toEqual([1, 2, 3, 4, 5]);
  });

  it('has no prefix put before its numbers, and says so', async () => {
    const path = write('prefix.json', JSON.stringify(ORDERS));
    await expect(read(path, '--prefix', 'myshop-')).rejects.toThrow('--prefix is for CSV');
  });

  it.each([
    [`[${ONE},\n  {"order_number":"2"`, 'line 2, column 3'],
    [`[${ONE}, 17]`, 'line 1'],
    ['order_number,total\n1,2', 'line 1, column 1'],
    [`\n{"user": me, "orders": [${ONE}]}`, 'line 2, column 1, what stands before its orders'],
  ])('says where it is none: %s', async (text, place) => {
    await expect(read(write('none.json', text))).rejects.toThrow(place);
  });
});

async function* inParts(parts: readonly string[]) {
  yield* parts;
}
