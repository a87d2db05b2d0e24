import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../client/src/command/arguments.ts';
import { resolveMapping } from '../../../client/src/command/csv-columns.ts';
import { csvOrders } from '../../../client/src/command/csv-orders.ts';
import { RowReader } from '../../../client/src/command/csv-reader.ts';
import { all, read, sent, write, wrong } from './read-file.ts';

const OF_NO_COLUMN = ['sku=none', 'name=none', 'price=0.00'].flatMap((one) => ['--if-empty', one]);

describe('a row that has only what an item costs', () => {
  const HEAD = 'order_number,created_at,status,sku,name,quantity';
  const ORDER = '1,2025-01-01T00:00:00Z,paid';
  const FEE = ['sku=fee', 'name=Fee', 'quantity=1'].flatMap((one) => ['--if-empty', one]);
  const readRows = (field: string, amount: string, ...options: string[]) => {
    const rows = [`${HEAD},${field}`, `${ORDER},a,A,1,10.00`, `${ORDER},,,,${amount}`];
    return read(write('fee.csv', rows.join('\n')), '--map', `${field}=${field}`, ...options);
  };

  it.each([
    ['price', '5.00', '15.00'],
    ['price', '-3.00', '7.00'],
    ['line_total', '-3.00', '7.00'],
  ])('is refused with a %s of %s, and is the item that is said', async (field, amount, total) => {
    const refused = await readRows(field, amount);
    expect(wrong(refused)).toEqual([['out_of_range']]);
    expect(refused[0]?.errors[0]?.detail).toBe(
      'Line 3: must be a whole number; --if-empty quantity=1 says what it is where it is empty.',
    );
    expect(sent(await readRows(field, amount, ...FEE))).toMatchObject([
      { total_amount: total, items: [{ sku: 'a' }, { sku: 'fee', quantity: '1', price: amount }] },
    ]);
  });

  it.each([
    '',
    '0.00',
  ])('is no item when it costs %j, whatever is said of empty columns and for all', async (price) => {
    const map = ['--map', 'quantity==1', ...OF_NO_COLUMN];
    expect(sent(await readRows('price', price, ...map))).toMatchObject([
      { total_amount: '10.00', items: [{ sku: 'a', quantity: '1' }] },
    ]);
  });

  it('is an item a row where all of it is said for all', async () => {
    const all = ['sku==s', 'name==n', 'quantity==1', 'price==2.00'];
    const path = write('all.csv', `order_number,created_at,status\n${ORDER}\n${ORDER}`);
    expect(sent(await read(path, ...all.flatMap((map) => ['--map', map])))).toMatchObject([
      { total_amount: '4.00', items: [{ sku: 's' }, { sku: 's' }] },
    ]);
  });
});

describe('a row with columns for several items', () => {
  const HEAD =
    'order_number,created_at,status,Item 1 SKU,Item 1 Price,Item 2 SKU,Item 2 Price,Name';
  const MAP = ['sku=Item # SKU', 'price=Item # Price', 'name=Name', 'quantity==1'].flatMap(
    (map) => ['--map', map],
  );
  const readRow = (items: string, ...options: string[]) =>
    read(write('wide.csv', `${HEAD}\n1,2025-01-01T00:00:00Z,paid,${items}`), ...MAP, ...options);

  it('has an item where its own columns have something', async () => {
    const one = { total_amount: '1.00', items: [{ sku: 'a', name: 'N', quantity: '1' }] };
    expect(sent(await readRow('a,1.00,,,N'))).toMatchObject([one]);
    expect(sent(await readRow('a,1.00,,,N', ...OF_NO_COLUMN))).toMatchObject([one]);
  });

  it('has one of which only the price is there', async () => {
    const orders = await readRow('a,1.00,,2.50,N', ...OF_NO_COLUMN);
    expect(sent(orders)).toMatchObject([
      { total_amount: '3.50', items: [{ sku: 'a' }, { sku: 'none', price: '2.50' }] },
    ]);
  });
});

describe("an order's number", () => {
  const readNumbers = (...numbers: string[]) => {
    const rows = numbers.map((one) => `${one},2025-01-01T00:00:00Z,${one},a,A,1,1.00`);
    const head = 'order_number,created_at,status,sku,name,quantity,price';
    return read(write('numbers.csv', [head, ...rows].join('\n')));
  };
  const [COMPOSED, DECOMPOSED] = ['Caf\u00e9-1', 'Cafe\u0301-1'];

  it('is the same, composed or not', async () => {
    expect(sent(await readNumbers(COMPOSED, DECOMPOSED))).toMatchObject([
      { order_number: COMPOSED, status: COMPOSED, total_amount: '2.00', items: [{}, {}] },
    ]);
  });

  it('is known when it comes again in the other form', async () => {
    await expect(readNumbers(COMPOSED, '2', DECOMPOSED)).rejects.toThrow(
      `Line 4: order ${COMPOSED} comes again`,
    );
  });
});

describe("an order's rows", () => {
  it.each([
    ['say nothing of another', ',,,s,n,1,1.00'],
    ['are all of its number', '1,2025-01-01T00:00:00Z,paid,s,n,1,1.00'],
  ])('end by what can be held when they %s', async (_what, line) => {
    const header = 'order_number,created_at,status,sku,name,quantity,price'.split(',');
    const first = '1,2025-01-01T00:00:00Z,paid,s,n,1,1.00';
    let rows = 0;
    async function* endless() {
      for (; rows < 1000; rows += 1) {
        const record = (rows === 0 ? first : line).split(',');
        yield { record, raw: 'x'.repeat(2 ** 20), line: rows + 2 };
      }
    }
    const mapping = resolveMapping(header, {});
    const { form } = readArguments(['upload', 'a.csv'])!;
    const orders = csvOrders(endless(), mapping, new RowReader(mapping, header, form), undefined);
    await expect(all(orders)).rejects.toThrow(
      'Line 2: order 1 has more rows than can be held, line 193 is still one of them.',
    );
    expect(rows).toBe(191);
  });
});
