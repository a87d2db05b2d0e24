import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readArguments } from '../../../client/src/command/arguments.ts';
import type { FileOrder } from '../../../client/src/command/file-order.ts';
import { jsonOrders } from '../../../client/src/command/json-orders.ts';
import { openOrders } from '../../../client/src/command/order-file.ts';
import { findTarget } from '../../../client/src/command/target.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';

// What the command reads out of files, by its options.

const folder = temporaryFolder();
const EXPORTS = join(import.meta.dirname, '../../fixtures/exports');

async function read(path: string, ...options: string[]): Promise<FileOrder[]> {
  const args = readArguments(['upload', path, ...options]);
  if (!args) throw new Error('There are no arguments.');
  const file = await openOrders(path, args.form);
  return all(file.orders('me'));
}

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const members: T[] = [];
  for await (const member of source) members.push(member);
  return members;
}

const sent = (orders: readonly FileOrder[]) => orders.map(({ order }) => JSON.parse(order!.json));
const wrong = (orders: readonly FileOrder[]) =>
  orders.map((one) => one.errors.map(({ code }) => code));

const ORDERS = [
  { order_number: '1', total_amount: '2.50', items: [{ name: 'a "}] b' }] },
  { order_number: '2', total_amount: 1.1, note: '\\', items: [] },
];
const [ONE, TWO] = ORDERS.map((order) => JSON.stringify(order));

describe('arguments', () => {
  it.each([
    [['upload'], '--help says more'],
    [['download', 'a.json'], '--help says more'],
    [['upload', 'a.json', '--preset', 'x'], 'there are woocommerce, shopify, amazon, 1c'],
    [['upload', 'a.json', '--encoding', 'koi8-r'], 'there are utf-8'],
    [['upload', 'a.json', '--delimiter', ';;'], 'one character'],
    [['upload', 'a.json', '--parallel', '0'], 'from 1 to 16'],
    [['upload', 'a.json', '--chunk-kib', '9999'], 'from 1 to 4096'],
    [['upload', 'a.json', '--format', 'xml'], 'json or csv'],
    [['upload', '-', '--check'], 'reads files twice'],
    [['upload', 'a.json', '--map', 'sku'], "needs a column's title"],
    [['upload', 'a.json', '--map-file', 'none'], 'cannot be read'],
  ])('that do not fit are told of: %j', (args, words) => {
    expect(() => readArguments(args)).toThrow(words);
  });

  it('find the service and the key, which is no option', () => {
    const found = { url: 'http://a', key: 'k' };
    const variables = { ORDER_ANALYTICS_URL: 'http://a', ORDER_ANALYTICS_KEY: 'k' };
    expect(findTarget({ url: undefined, keyFile: undefined }, variables)).toEqual(found);
    const keyFile = write('key', 'k\n');
    expect(findTarget({ url: 'http://a', keyFile }, {})).toEqual(found);
    expect(() => findTarget({ url: 'http://a', keyFile: undefined }, {})).toThrow('Which key?');
    expect(() => readArguments(['upload', 'a.json', '--key', 'k'])).toThrow("'--key");
  });
});

describe('files', () => {
  const exports = join(folder, 'exports');
  const files = (...paths: string[]) =>
    readArguments(['upload', ...paths])?.files.map((path) => path.replace(`${exports}/`, ''));
  beforeAll(() => {
    mkdirSync(join(exports, 'old.csv'), { recursive: true }); // a folder, whatever it is called
    const names = ['b.csv', 'a.NDJSON.gz', 'c.json', 'c[1].csv', 'note.md', '.hidden.csv'];
    const left = ['b.csv.journal', 'b.csv.rejected.csv', 'c.json.rejected.ndjson'];
    for (const name of [...names, ...left]) write(`exports/${name}`, '');
    mkdirSync(join(folder, 'nothing'));
  });

  it('are those of a folder that end as files of orders do, by name', () => {
    expect(files(exports)).toEqual(['a.NDJSON.gz', 'b.csv', 'c.json', 'c[1].csv']);
    expect(() => files(join(folder, 'nothing'))).toThrow('has no files of orders: .json');
  });

  it('are those that match a pattern, each once', () => {
    const pattern = join(exports, '*.csv');
    expect(files(pattern)).toEqual(['b.csv', 'c[1].csv']);
    expect(files(join(exports, 'c.json'), exports, pattern)).toEqual([
      'c.json',
      'a.NDJSON.gz',
      'b.csv',
      'c[1].csv',
    ]);
    expect(() => files(join(exports, '*.xml'))).toThrow('There is no file that matches');
  });

  it('are meant as they are called where there are such', () => {
    expect(files(join(exports, 'c[1].csv'))).toEqual(['c[1].csv']);
    expect(files(join(exports, 'b.csv.rejected.csv'), '-')).toEqual(['b.csv.rejected.csv', '-']);
  });
});

describe('JSON', () => {
  it.each([
    ['an array', JSON.stringify(ORDERS)],
    ['an array with line breaks', JSON.stringify(ORDERS, undefined, 2)],
    ["the API's form", JSON.stringify({ user: 'me', orders: ORDERS })],
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

  it('is decompressed', async () => {
    const path = write('orders.ndjson.gz', gzipSync(`${ONE}\n${TWO}`));
    expect(sent(await read(path))).toEqual(ORDERS);
    const half = write('half.ndjson.gz', gzipSync(`${ONE}\n${TWO}`).subarray(0, 60));
    await expect(read(half)).rejects.toThrow('no whole gzip file');
  });

  it('goes on after an order that is none', async () => {
    const path = write('bad.ndjson', `{"order_number":"1",}\n{"total_amount":1}\n${TWO}`);
    const orders = await read(path);
    expect(wrong(orders)).toEqual([['invalid_json'], ['missing'], []]);
    expect(orders.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  it.each([
    [`[${ONE},\n  {"order_number":"2"`, 'line 2, column 3'],
    [`[${ONE}, 17]`, 'line 1'],
    ['order_number,total\n1,2', 'line 1, column 1'],
  ])('says where it is none: %s', async (text, place) => {
    await expect(read(write('none.json', text))).rejects.toThrow(place);
  });
});

async function* inParts(parts: readonly string[]) {
  yield* parts;
}

describe('CSV', () => {
  const HEAD = 'Order ID,Date,Total,Status,SKU,Name,Qty,Price';
  const row = (
    fields: Partial<Record<'id' | 'date' | 'total' | 'status' | 'qty' | 'price', string>> = {},
  ) => {
    const { id = '1', date = '2025-11-12T10:00:00Z', total = '5.00', status = 'paid' } = fields;
    return `${id},${date},${total},${status},s,n,${fields.qty ?? '1'},${fields.price ?? '5.00'}`;
  };
  const readRows = (rows: readonly string[], ...options: string[]) =>
    read(write('orders.csv', [HEAD, ...rows].join('\n')), ...options);

  it('is an order of the rows that stand together', async () => {
    const orders = await readRows(
      [row(), row({ total: '' }), row({ id: '2' })],
      '--prefix',
      'shop-',
    );
    expect(sent(orders)).toEqual([
      {
        order_number: 'shop-1',
        created_at: '2025-11-12T10:00:00Z',
        total_amount: '5.00',
        status: 'paid',
        items: Array(2).fill({ sku: 's', name: 'n', quantity: '1', price: '5.00' }),
      },
      expect.objectContaining({ order_number: 'shop-2' }),
    ]);
    expect(orders.map(({ line }) => line)).toEqual([2, 4]);
  });

  it('is an order a row where items have columns of their own', async () => {
    const text =
      'No,Date,Total,Status,Item 1 SKU,Item 1 Name,Item 1 Qty,Item 1 Price,Item 2 SKU,Item 2 Name,Item 2 Qty,Item 2 Price\n' +
      '1,2025-11-12T10:00:00Z,3.00,paid,a,A,1,1.00,b,B,2,1.00\n1,2025-11-12T10:00:00Z,1.00,paid,a,A,1,1.00,,,,\n';
    const maps = [
      'order_number=No',
      'sku=Item # SKU',
      'name=Item # Name',
      'quantity=Item # Qty',
      'price=Item # Price',
    ];
    const orders = await read(write('wide.csv', text), ...maps.flatMap((map) => ['--map', map]));
    expect(sent(orders).map(({ items }) => items.map(({ sku }: { sku: string }) => sku))).toEqual([
      ['a', 'b'],
      ['a'],
    ]);
  });

  it('is refused where an order comes again, apart from its rows', async () => {
    const rows = [row(), row({ id: '2' }), row()];
    await expect(readRows(rows)).rejects.toThrow('Line 4: order 1 comes again');
  });

  it.each([
    ['an amount of another form', row({ total: '5,00'.replace(',', ' ') }), ['invalid_amount']],
    ['a time without an offset', row({ date: '2025-11-12 10:00:00' }), ['invalid_date_time']],
    [
      'a time that may be of another form',
      row({ date: '11/12/2025 10:00' }),
      ['invalid_date_time'],
    ],
    ['half an item', row({ qty: '0.5' }), ['out_of_range']],
    [
      'a row that is too short',
      '1,2025-11-12T10:00:00Z,5.00,paid,s,n,1',
      ['wrong_columns', 'invalid_amount'],
    ],
    ['rows that contradict each other', `${row()}\n${row({ total: '6.00' })}`, ['contradiction']],
  ])('tells of %s', async (_what, text, codes) => {
    expect(wrong(await readRows([text]))).toEqual([codes]);
  });

  it.each([
    ['2025-11-12 13:00:00', ['--time-zone', 'Europe/Moscow'], '2025-11-12T13:00:00+03:00'],
    ['2025-07-12 13:00', ['--time-zone', 'Europe/Berlin'], '2025-07-12T13:00:00+02:00'],
    ['2025-10-26 02:30', ['--time-zone', 'Europe/Berlin'], '2025-10-26T02:30:00+02:00'], // twice
    ['2025-11-12', ['--time-zone=-03:30'], '2025-11-12T00:00:00-03:30'],
    [
      '12.11.2025 9:05',
      ['--date-format', 'DD.MM.YYYY HH:mm', '--time-zone', 'UTC'],
      '2025-11-12T09:05:00+00:00',
    ],
    [
      '11/12/2025 01:05:09 PM',
      ['--date-format', 'MM/DD/YYYY hh:mm:ss A', '--time-zone', 'UTC'],
      '2025-11-12T13:05:09+00:00',
    ],
    ['2025-11-12T13:00:00.123456+0300', [], '2025-11-12T13:00:00.123456+03:00'],
  ])('reads the time %s', async (date, options, created_at) => {
    expect(sent(await readRows([row({ date })], ...options))).toMatchObject([{ created_at }]);
  });

  it('knows no time that a change of clocks leaves out', async () => {
    const orders = await readRows(
      [row({ date: '2025-03-30 02:30' })],
      '--time-zone',
      'Europe/Berlin',
    );
    expect(wrong(orders)).toEqual([['invalid_date_time']]);
  });

  it.each([
    ['1 234,50', '1234.50'],
    ['"-1\u00a0234,5"', '-1234.5'],
    ['1.234.567,00', '1234567.00'],
    ['1234', '1234'],
  ])('reads the amount %s where it is said how', async (total, total_amount) => {
    const line = `1;2025-11-12T10:00:00Z;${total};paid`;
    const path = write('comma.csv', `Order ID;Date;Total;Status\n${line}`);
    const orders = await read(path, '--delimiter', ';', '--decimal-comma');
    expect(sent(orders)).toMatchObject([{ total_amount, items: [] }]);
  });

  it.each([
    '1,234',
    '1.23,4',
    '12.34',
    '1 23',
    '',
  ])('takes %o for no amount with a comma', async (total) => {
    const path = write(
      'comma.csv',
      `Order ID;Date;Total;Status\n1;2025-11-12T10:00:00Z;${total};paid`,
    );
    const orders = await read(path, '--delimiter', ';', '--decimal-comma');
    const isGood = total === '1,234'; // of which the service says that it has too many decimals
    expect(wrong(orders)).toEqual([isGood ? [] : ['invalid_amount']]);
  });

  it('has in place of what is empty what is said, and shows it', async () => {
    const rows = [row(), row({ id: '2' }).replace(',s,', ',,'), ',,,,,,,'];
    const path = write('empty.csv', [HEAD, ...rows].join('\n'));
    expect(
      sent(await read(path, '--if-empty', 'sku=none')).map(({ items }) => items),
    ).toMatchObject([
      [{ sku: 's' }],
      [{ sku: 'none' }], // and no item of the row that is empty
    ]);
    const args = readArguments(['upload', path, '--if-empty', 'sku=none']);
    expect((await openOrders(path, args!.form)).mapping).toContain(
      '  sku           SKU, or "none" where it is empty',
    );
    await expect(read(path, '--if-empty', 'status=paid')).rejects.toThrow('--if-empty status=paid');
  });

  it('says which column it does not find, and which there are', async () => {
    const path = write('other.csv', 'a,b\n1,2');
    await expect(read(path)).rejects.toThrow('order_number, created_at, status, total_amount');
    await expect(read(path, '--map', 'sku=Article')).rejects.toThrow(
      'There is no column "Article"',
    );
    await expect(read(path, '--map', 'colour=a')).rejects.toThrow('there is no field colour');
  });

  it.each([
    [';', [], "Try --delimiter ';'."],
    ['\t', [], 'Try --delimiter tab.'],
    [',', ['--delimiter', ';'], "Try --delimiter ','."],
  ])('says when values are told apart by %j', async (delimiter, options, words) => {
    const path = write('told-apart.csv', [HEAD, row()].join('\n').replaceAll(',', delimiter));
    await expect(read(path, ...options)).rejects.toThrow(words);
  });

  it('says what may be the matter with a quotation mark', async () => {
    await expect(readRows([row().replace(',n,', ',15" wide,')])).rejects.toThrow('--no-quotes');
  });

  it('says when it is in another encoding', async () => {
    await expect(read(join(EXPORTS, '1c.csv'))).rejects.toThrow('--encoding (utf-16le');
  });

  it.each(['utf-16le', 'windows-1252'] as const)('is read in %s', async (encoding) => {
    const text = `${HEAD}\n${row({ status: 'payé' })}`;
    const path = write(
      'encoded.csv',
      Buffer.from(text, encoding === 'utf-16le' ? 'utf16le' : 'latin1'),
    );
    expect(sent(await read(path, '--encoding', encoding))).toMatchObject([{ status: 'payé' }]);
  });
});

describe('a preset', () => {
  it('reads what WooCommerce exports', async () => {
    const path = join(EXPORTS, 'woocommerce.csv');
    const orders = await read(path, '--preset', 'woocommerce', '--time-zone', 'Europe/Moscow');
    expect(sent(orders)).toMatchObject([
      {
        order_number: '2041',
        created_at: '2025-11-12T13:05:00+03:00',
        total_amount: '64.40',
        status: 'Completed',
        items: [
          { sku: 'MUG-FOX-L', name: 'Mug "Fox", large', quantity: '2', price: '19.95' },
          { sku: 'TOWEL-1', price: '24.50' },
        ],
      },
      { order_number: '2042', items: [{ quantity: '10', price: '0.50' }] },
    ]);
    expect(orders.map(({ line }) => line)).toEqual([2, 6]);
  });

  it('reads its newer columns, with an order in its first row alone', async () => {
    const path = join(EXPORTS, 'woocommerce-default.csv');
    const orders = await read(path, '--preset', 'woocommerce', '--time-zone', '+01:00');
    expect(sent(orders)).toMatchObject([
      {
        order_number: '2051',
        status: 'Completed',
        items: [
          { sku: 'MUG-FOX-L', quantity: '2' },
          { sku: 'none', name: 'Gift card', price: '24.50' },
        ],
      },
      { order_number: '2052', total_amount: '5.00', items: [{ quantity: '0', price: '0.50' }] },
    ]);
  });

  it('reads what Shopify exports', async () => {
    const path = join(EXPORTS, 'shopify.csv');
    expect(sent(await read(path, '--preset', 'shopify', '--prefix', 'myshop-'))).toMatchObject([
      {
        order_number: 'myshop-#1001',
        created_at: '2025-11-12T13:05:09+03:00',
        total_amount: '64.40',
        status: 'paid',
        items: [
          { sku: 'MUG-FOX-L', quantity: '2' },
          { sku: 'none', name: 'Tip' },
        ],
      },
      { order_number: 'myshop-#1002', total_amount: '5.00', status: 'partially_refunded' },
    ]);
  });

  it('reads what Amazon reports, whose lines have no price of one', async () => {
    expect(sent(await read(join(EXPORTS, 'amazon.txt'), '--preset', 'amazon'))).toMatchObject([
      {
        order_number: '206-1111111-2222222',
        total_amount: '34.50',
        updated_at: '2025-11-14T08:00:00+00:00',
        items: [
          { quantity: '3', price: '3.33' },
          { name: 'Tea towel 15" wide', price: '24.50' },
        ],
      },
      { status: 'Cancelled', total_amount: '0.00', items: [{ quantity: '0', price: '0.00' }] },
      { status: 'Pending', total_amount: '0.00', items: [{ quantity: '2', price: '0.00' }] },
    ]);
  });

  it('reads what 1C writes', async () => {
    const options = ['--preset', '1c', '--time-zone', 'Europe/Moscow'];
    expect(sent(await read(join(EXPORTS, '1c.csv'), ...options))).toMatchObject([
      {
        order_number: 'ЗК-000041',
        created_at: '2025-11-12T13:05:09+03:00',
        total_amount: '1234.50',
        status: 'Оплачен',
        items: [
          { sku: 'ЧАЙ-01', name: 'Чай зелёный «Лунцзин»', quantity: '2.000', price: '500.00' },
          { sku: 'ЧШК-07', price: '234.50' },
        ],
      },
      { total_amount: '-99.90', created_at: '2025-11-12T00:30:00+03:00' },
    ]);
  });
});
