import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../client/src/command/arguments.ts';
import { openOrders } from '../../../client/src/command/order-file.ts';
import { read, sent, write, wrong } from './read-file.ts';

const EXPORTS = join(import.meta.dirname, '../../fixtures/exports');

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

  it.each([
    ['\r\n', '\n'],
    ['\n', '\r\n'],
    ['\n', '\r'],
  ])('is read with a header that ends in %j and rows that end in %j', async (first, others) => {
    const rows = ['1', '"2"', '3'].map((id) => row({ id }));
    const orders = await read(write('mixed.csv', `${HEAD}${first}${rows.join(others)}${others}`));
    expect(sent(orders)).toHaveLength(3);
    expect(orders.map(({ line }) => line)).toEqual([2, 3, 4]);
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

  it.each([
    ['DD.MM.YYYY HH:MM:SS', 'has the month twice: it is made of YYYY, MM (the month)'],
    ['DD.MM.YY HH:mm', 'says no day'],
  ])('says what is wrong with the form of times %s', async (format, words) => {
    await expect(readRows([row({})], '--date-format', format)).rejects.toThrow(words);
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
    ['1.234,50', '1234.50'],
    ['1.234.567', '1234567'],
    ['1 234', '1234'],
    ['−1\u202f234\u202f567,5', '-1234567.5'],
    ['0,500', '0.500'],
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
    '1.000', // a thousand, or one
    '-1.234',
    '0.500',
    '0.500,25',
    '0.123.456',
    '1 234.567', // which of both is of thousands
    '1.234 567,00',
    '1234 567',
  ])('takes %o for no amount with a comma', async (total) => {
    const path = write(
      'comma.csv',
      `Order ID;Date;Total;Status\n1;2025-11-12T10:00:00Z;${total};paid`,
    );
    const orders = await read(path, '--delimiter', ';', '--decimal-comma');
    const isGood = total === '1,234'; // of which the service says that it has too many decimals
    expect(wrong(orders)).toEqual([isGood ? [] : ['invalid_amount']]);
  });

  it.each([
    ['quantity', '1.000', ''],
    ['price', '1', '0.125'],
  ])('says what to write for a %s with a point', async (title, quantity, price) => {
    const line = `1;2025-11-12T10:00:00Z;paid;s;n;${quantity};${price || '1,00'}`;
    const path = write('point.csv', `Order ID;Date;Status;SKU;Name;quantity;price\n${line}`);
    const [order] = await read(path, '--delimiter', ';', '--decimal-comma');
    const detail = expect.stringMatching(/^Line 2: .*point.*write 1234,50 or 1\.234,50/);
    expect(order?.errors).toMatchObject([{ field: title, value: price || quantity, detail }]);
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
