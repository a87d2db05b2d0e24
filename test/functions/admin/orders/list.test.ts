import { beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../../db/uploads/upload-orders.ts';
import { item, order } from '../../../helpers/orders.ts';
import { type Answer, linkTo, orderNumbers, useAdmin, visibleText } from '../pages.ts';

const admin = useAdmin();
beforeAll(async () => {
  const at = (created_at: string) => `${created_at}.000000Z`;
  await uploadOrders(admin.db, 'Tea House', [
    order({ order_number: 'T-1', created_at: at('2023-05-01T10:00:00'), total_amount: '10.00' }),
    order({
      order_number: 'T-2',
      created_at: at('2024-02-29T23:59:59'),
      total_amount: '3000.50',
      status: 'returned',
    }),
    order({
      order_number: 'T-3',
      created_at: at('2025-11-12T10:00:00'),
      items: [item({ sku: 'AB-77', name: 'Самовар «Тульский», жёлтый' })],
    }),
  ]);
  await uploadOrders(admin.db, 'Coffee & Co', [
    order({
      order_number: 'C-1',
      created_at: at('2025-11-11T00:00:00'),
      total_amount: '-5.00',
      status: 'paid',
      items: [item({ sku: 'x', name: 'Coffee beans, 1 kg' })],
    }),
    order({
      order_number: 'C-2',
      created_at: at('2025-11-11T00:00:00'),
      total_amount: '99999.99',
      status: 'paid',
      items: [],
    }),
  ]);
  const changedAt = Object.entries({ T: '2025-11-19T23:59:59Z', C: '2025-11-20T12:00:00Z' });
  for (const [first, at] of changedAt) {
    await admin.pg.query(
      'UPDATE orders SET last_changed_at = $1 WHERE starts_with(order_number, $2)',
      [at, first],
    );
  }
});

const list = (query: string | Record<string, string> = '') =>
  admin.get(`/admin/orders${query === '' ? '' : `?${new URLSearchParams(query)}`}`);
/** The statuses that a page offers, ticked or not. */
const offered = ({ body }: Answer) =>
  [...body.matchAll(/<input type="checkbox" name="status"[^>]*?( checked)?>(.*?)<\/label>/g)].map(
    ([, isTicked, text]) => `${isTicked ? '☑ ' : ''}${visibleText(text ?? '')}`,
  );
const numbers = async (query: Record<string, string>) => orderNumbers(await list(query));

describe('the list of orders', () => {
  it('shows all orders, the newest first, with what they are', async () => {
    const page = await list();
    expect(orderNumbers(page)).toEqual(['T-3', 'C-2', 'C-1', 'T-2', 'T-1']);
    expect(visibleText(page.body)).toContain('5 orders');
    expect(visibleText(page.body)).toContain(
      'C-2 Coffee & Co 2025-11-11 00:00 changed 2025-11-20 12:00 paid 0 items 99,999.99',
    );
  });

  it.each([
    ['oldest', ['T-1', 'T-2', 'C-1', 'C-2', 'T-3']],
    ['highest', ['C-2', 'T-2', 'T-3', 'T-1', 'C-1']],
    ['lowest', ['C-1', 'T-1', 'T-3', 'T-2', 'C-2']],
    ['changed', ['C-2', 'C-1', 'T-3', 'T-2', 'T-1']],
    ['unchanged', ['T-1', 'T-2', 'T-3', 'C-1', 'C-2']],
  ])('sorts %s first, and says so to a screen reader', async (sort, expected) => {
    const page = await list({ sort });
    expect(orderNumbers(page)).toEqual(expected);
    const direction = ['highest', 'changed'].includes(sort) ? 'descending' : 'ascending';
    expect(page.body).toContain(`aria-sort="${direction}"`);
  });

  it.each([
    ['status', { status: 'paid' }, ['C-2', 'C-1']],
    ['status in another case', { status: 'PAID' }, ['C-2', 'C-1']],
    ['day of the last change', { changed: '2025-11-20' }, ['C-2', 'C-1']],
    ['day of the last change, by it', { changed: '2025-11-20', sort: 'unchanged' }, ['C-1', 'C-2']],
    ['last change in vain', { changed: '2025-11-21' }, []],
    ['seller', { seller: 'Tea House' }, ['T-3', 'T-2', 'T-1']],
    ['seller in another case', { seller: 'tea house' }, ['T-3', 'T-2', 'T-1']],
    ['first day', { from: '2025-11-11' }, ['T-3', 'C-2', 'C-1']],
    ['last day, which belongs to it', { to: '2024-02-29' }, ['T-2', 'T-1']],
    ['lowest amount, written as money', { min: '3,000.50' }, ['C-2', 'T-2']],
    ['lowest amount, with a decimal comma', { min: '3000,50' }, ['C-2', 'T-2']],
    ['lowest amount, with points between thousands', { min: '3.000,51' }, ['C-2']],
    ['highest amount', { max: '10' }, ['C-1', 'T-1']],
    ['several at once', { status: 'paid', max: '0', from: '2025-01-01' }, ['C-1']],
  ])('filters by %s', async (_, query, expected) => {
    expect(await numbers(query)).toEqual(expected);
  });

  it.each([
    ['the beginning of an order number', 'C-', ['C-2', 'C-1']],
    ['it in small letters', 'c-1', ['C-1']],
    ["the beginning of a seller's name", 'coff', ['C-2', 'C-1']],
    ['a word of an item', 'самовар', ['T-3']],
    ['a word in quotes and before a comma', 'ТУЛЬСКИЙ', ['T-3']],
    ['a word with е for ё', 'желтый', ['T-3']],
    ['several words of one item', 'жёлтый самовар', ['T-3']],
    ['a SKU', 'ab-77', ['T-3']],
    ['a word that many have', 'чай', ['T-2', 'T-1']],
    ['words of different items', 'самовар чай', []],
    ['a part of a word', 'амовар', []],
    ['a percent sign, which is no wildcard', '%', []],
  ])('finds %s', async (_, q, expected) => {
    expect(await numbers({ q })).toEqual(expected);
  });

  it('tells sellers and statuses apart that differ in a space', async () => {
    await uploadOrders(admin.db, 'spacey', [order({ order_number: 'S-1', status: 'on hold' })]);
    await uploadOrders(admin.db, 'spacey ', [order({ order_number: 'S-2', status: ' on hold ' })]);
    expect(await numbers({ seller: 'spacey' })).toEqual(['S-1']);
    expect(await numbers({ seller: 'spacey ' })).toEqual(['S-2']);
    expect(await numbers({ status: 'on hold' })).toEqual(['S-1']);
    expect(await numbers({ status: ' on hold ' })).toEqual(['S-2']);
    const page = await admin.get('/admin/seller?name=spacey%20');
    expect(page.body).toContain('S-2');
    expect(page.body).not.toContain('S-1');
    await admin.db.deleteFrom('users').where('username', 'like', 'spacey%').execute();
  });

  it('finds within the other filters', async () => {
    expect(await numbers({ q: 'чай', status: 'returned' })).toEqual(['T-2']);
    expect(await numbers({ q: 'чай', sort: 'highest' })).toEqual(['T-2', 'T-1']);
  });

  it('filters by several statuses at once, each in any case', async () => {
    const page = await list('status=RETURNED&status=delivered&status=unheard-of');
    expect(orderNumbers(page)).toEqual(['T-3', 'T-2', 'T-1']);
    expect(visibleText(page.body)).toContain('3 orders');
    const without = await admin.get(linkTo(page, 'Status delivered × : remove'));
    expect(orderNumbers(without)).toEqual(['T-2']);
  });

  it('offers the statuses of the period that there are, with their counts', async () => {
    expect(offered(await list())).toEqual(['delivered 2', 'paid 2', 'returned 1']);
    expect(offered(await list({ status: 'Paid', from: '2025-01-01' }))).toEqual([
      '☑ paid 2',
      'delivered 1',
    ]);
    expect(offered(await list({ seller: 'tea house' }))).toEqual(['delivered 2', 'returned 1']);
    expect(offered(await list({ status: 'none', q: 'чай' }))).toEqual([
      'delivered',
      'paid',
      'returned',
      '☑ none',
    ]);
  });

  it('leads from a badge to the orders of its status, with the filter', async () => {
    const page = await list({ from: '2025-01-01' });
    expect(linkTo(page, 'paid')).toBe('/admin/orders?status=paid&from=2025-01-01');
    const seller = await admin.get('/admin/sellers/Tea%20House');
    expect(linkTo(seller, 'returned')).toBe('/admin/orders?seller=Tea+House&status=returned');
    expect(linkTo(seller, '2025-11-12')).toBe(
      '/admin/orders?seller=Tea+House&from=2025-11-12&to=2025-11-12',
    );
    const one = await admin.get('/admin/orders/T-2');
    expect(linkTo(one, 'returned')).toBe('/admin/orders?status=returned');
  });

  it('leads on from a status that nothing has to what there is without it', async () => {
    const page = await list({ status: 'paid', seller: 'Tea House', from: '2024-01-01' });
    expect(orderNumbers(await admin.get(linkTo(page, '2 without the status')))).toEqual([
      'T-3',
      'T-2',
    ]);
  });

  it('leads from a year to a month to a day, with the counts of the roll-up', async () => {
    const years = await list();
    expect(visibleText(years.body)).toContain('2023 1 2024 1 2025 3');
    const months = await admin.get(linkTo(years, '2025 3'));
    expect(visibleText(months.body)).toContain('All dates › 2025 November 3');
    const days = await admin.get(linkTo(months, 'November 3'));
    expect(visibleText(days.body)).toContain('All dates › 2025 › November 11 2 12 1');
    const day = await admin.get(linkTo(days, '11 2'));
    expect(orderNumbers(day)).toEqual(['C-2', 'C-1']);
    expect(visibleText(day.body)).toContain('All dates › 2025 › November › 11');
    expect(orderNumbers(await admin.get(linkTo(day, 'All dates')))).toHaveLength(5);
  });

  it('counts what the filters leave, and leaves counts out where they would not be true', async () => {
    expect(visibleText((await list({ status: 'paid' })).body)).toContain('2 orders · 99,994.99');
    expect(visibleText((await list({ seller: 'Tea House' })).body)).toContain('3 orders');
    const found = visibleText((await list({ q: 'самовар' })).body);
    expect(found).toContain('1 order found');
    expect(found).not.toContain('2025 3');
  });

  it('keeps the filter as what can be taken away', async () => {
    const page = await list({ status: 'paid', max: '0' });
    expect(orderNumbers(await admin.get(linkTo(page, 'At most 0 × : remove')))).toEqual([
      'C-2',
      'C-1',
    ]);
    expect(orderNumbers(await admin.get(linkTo(page, 'Clear all')))).toHaveLength(5);
  });

  it('takes what a form left empty out of the address', async () => {
    const { statusCode, headers } = await admin.get('/admin/orders?q=&status=paid&sort=&from=');
    expect([statusCode, headers?.location]).toEqual([302, '/admin/orders?status=paid']);
  });

  it.each([
    ['from', '2025-02-30', 'Must be a day such as 2025-11-12.'],
    ['min', 'much', 'Must be an amount such as 2500.00.'],
    ['min', '1,234', 'write 1234 or 1234.00'],
    ['sort', 'random', 'Must be one of newest, oldest, highest, lowest, changed, unchanged.'],
    ['changed', 'yesterday', 'Must be a day such as 2025-11-12.'],
    ['q', 'x'.repeat(321), 'Must have at most 320 characters.'],
    ['status', 'a\0', 'Must be text without the character U+0000.'],
    ['q', 'a\ufffd', 'Has bytes that are not UTF-8: send UTF-8.'],
    ['after', 'nonsense', 'The address of this page is not complete'],
    ['after', '2025-02-30T00:00:00.000000Z_1', 'The address of this page is not complete'],
    ['before', '2025-11-12T24:00:00.000000Z_1', 'The address of this page is not complete'],
  ])('says at the field that %s may not be %j', async (name, value, message) => {
    const { statusCode, body } = await list({ [name]: value });
    expect(statusCode).toBe(400);
    expect(visibleText(body)).toContain(message);
    if (name !== 'after' && name !== 'before')
      expect(body).toContain(`aria-describedby="${name}-error"`);
  });

  it.each([
    ['statuss=paid', 'There is no filter called “statuss”. Those are q, status, '],
    ['status=paid&constructor=1', 'There is no filter called “constructor”.'],
    ['q=a&q=b', 'Must come only once.'],
  ])('refuses an address with %s', async (query, message) => {
    const { statusCode, body } = await admin.get(`/admin/orders?${query}`);
    expect([statusCode, visibleText(body)]).toEqual([400, expect.stringContaining(message)]);
  });

  it('says what to do where nothing is found', async () => {
    expect(visibleText((await list({ seller: 'Nobody' })).body)).toContain(
      'There is no seller named “Nobody”.',
    );
    expect(visibleText((await list({ status: 'unheard-of' })).body)).toContain('No orders match');
  });
});
