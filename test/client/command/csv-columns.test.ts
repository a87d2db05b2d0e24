import { describe, expect, it } from 'vitest';
import { readArguments } from '../../../client/src/command/arguments.ts';
import { openOrders } from '../../../client/src/command/order-file.ts';
import { read, sent, write } from './read-file.ts';

const TIME = '2025-01-01T00:00:00Z';
const maps = (...pairs: string[]) => pairs.flatMap((pair) => ['--map', pair]);
const file = (...rows: string[]) => write('columns.csv', rows.join('\n'));

describe('a title', () => {
  it('with a number sign is first of all the column of just that title', async () => {
    const path = file('Order #,Date,Status,Item #,Name,Qty,Price', `7,${TIME},paid,a,A,1,1.00`);
    const orders = await read(path, ...maps('order_number=Order #', 'sku=Item #'));
    expect(sent(orders)).toMatchObject([{ order_number: '7', items: [{ sku: 'a' }] }]);
  });

  it('with a number sign stands for numbered columns of items alone', async () => {
    const path = file('Order 1,Order 2,Date,Status,Total', `7,8,${TIME},paid,1.00`);
    await expect(read(path, ...maps('order_number=Order #'))).rejects.toThrow(
      'There is no column "Order #"',
    );
  });

  it('may have a number sign beside the one that stands for a number', async () => {
    const path = file(
      'Order ID,Date,Status,Item #1 SKU,Item #2 SKU,Name,Qty,Price',
      `7,${TIME},paid,a,b,N,1,1.00`,
    );
    expect(sent(await read(path, ...maps('sku=Item ## SKU')))).toMatchObject([
      { items: [{ sku: 'a' }, { sku: 'b' }] },
    ]);
  });

  it('is found however its letters are composed', async () => {
    const path = file('Num\u00e9ro,Date,Status,Total', `7,${TIME},paid,1.00`);
    const orders = await read(path, ...maps('order_number=Nume\u0301ro'));
    expect(sent(orders)).toMatchObject([{ order_number: '7' }]);
  });
});

describe('numbered columns', () => {
  const ITEMS = 'Item 1 SKU,Item 1 Name,Item 2 Name,Item 10 SKU,Item 10 Name';
  const rows = [`Order ID,Date,Status,Qty,Price,${ITEMS}`, `7,${TIME},paid,1,1.00,a,A,B,c,C`];
  const options = maps('sku=Item # SKU', 'name=Item # Name');

  it('are those of the same item by their number', async () => {
    const path = file(...rows);
    const items = [
      { sku: 'a', name: 'A' },
      { sku: 'none', name: 'B' },
      { sku: 'c', name: 'C' },
    ];
    expect(sent(await read(path, ...options, '--if-empty', 'sku=none'))).toMatchObject([{ items }]);
    expect(sent(await read(path, ...options))).toMatchObject([{ items: [{}, { sku: '' }, {}] }]);
  });

  it('are shown as they are there', async () => {
    const path = file(...rows);
    const { mapping } = await openOrders(path, readArguments(['upload', path, ...options])!.form);
    expect(mapping).toContain('  sku           Item 1 SKU, Item 10 SKU');
  });
});

describe('a field', () => {
  it.each(['Name', 'Quantity'])('has no column where that is said of %s', async (title) => {
    const path = file(`Order ID,Date,Status,Total,${title}`, `7,${TIME},paid,1.00,Ann`);
    const option = `${title.toLowerCase()}=`;
    await expect(read(path)).rejects.toThrow(`have no items, --map ${option}`);
    expect(sent(await read(path, ...maps(option)))).toMatchObject([
      { order_number: '7', total_amount: '1.00', items: [] },
    ]);
  });

  it('has no column where that is said of what a preset or a file names', async () => {
    const path = file(
      'Order Number,Order Date,Order Total Amount,Order Status,SKU,Name,Quantity,Item Cost',
      `7,${TIME},3.00,paid,a,A,1,2.00`,
    );
    const titles = write('titles.json', JSON.stringify({ total_amount: '' }));
    for (const option of [maps('total_amount='), ['--map-file', titles]]) {
      expect(sent(await read(path, '--preset', 'woocommerce', ...option))).toMatchObject([
        { total_amount: '2.00' },
      ]);
    }
  });

  it('is the column of its own name, before any that is guessed', async () => {
    const path = file(
      'Date,Number,Order No,OrderNumber,order_number,created_at,status,total,total_amount',
      `1,2,3,4,7,${TIME},paid,8.00,9.00`,
    );
    const order = { order_number: '7', created_at: TIME, total_amount: '9.00' };
    expect(sent(await read(path))).toMatchObject([order]);
    const spaced = file('Number,Order Number,Date,Status,Total', `2,7,${TIME},paid,9.00`);
    expect(sent(await read(spaced))).toMatchObject([order]);
  });

  it('is not guessed to be a column that is said to be another', async () => {
    const path = file('Name,Date,Status,SKU,Lineitem name,Qty,Price', `7,${TIME},paid,a,A,1,1.00`);
    expect(sent(await read(path, ...maps('order_number=Name')))).toMatchObject([
      { order_number: '7', items: [{ name: 'A' }] },
    ]);
  });
});
