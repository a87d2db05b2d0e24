import { beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../../db/uploads/upload-orders.ts';
import { changesOf } from '../../../helpers/changes.ts';
import { item, order } from '../../../helpers/orders.ts';
import { type Answer, linkTo, useAdmin, visibleText } from '../pages.ts';

const admin = useAdmin();
beforeAll(async () => {
  const day = (n: number) => `2025-11-1${n}T10:00:00.000000Z`;
  await uploadOrders(admin.db, 'test_seller', [
    order({ order_number: 'before', created_at: day(1), total_amount: '2400.00' }),
    order({ order_number: '12345', created_at: day(2), status: 'delivered' }),
    order({ order_number: 'after', created_at: day(3), total_amount: '2600.00', items: [] }),
    order({
      order_number: 'long',
      created_at: day(4),
      items: Array.from({ length: 1_001 }, (_, i) =>
        item({ sku: `line-${i + 1}`, quantity: 1, price: '1.00' }),
      ),
    }),
  ]);
  await uploadOrders(admin.db, 'other', [order({ order_number: 'other', created_at: day(2) })]);
});

const open = (number: string) => admin.get(`/admin/orders/${encodeURIComponent(number)}`);

describe("an order's page", () => {
  it('shows every field and the items with their sums', async () => {
    const { statusCode, body } = await open('12345');
    expect(statusCode).toBe(200);
    const text = visibleText(body);
    expect(text).toMatch(
      /Seller test_seller Created 2025-11-12 10:00 UTC Status delivered Total 2,500.00 First uploaded 20\d\d-\d\d-\d\d \d\d:\d\d UTC Last changed Never since/,
    );
    expect(text).toContain('tea01 Чай зелёный 2 500.00 1,000.00');
    expect(text).toContain('Sum of 2 items 2,500.00 Total of the order 2,500.00');
    expect(text).not.toContain('Difference');
  });

  it('names a difference between the total and the items', async () => {
    expect(visibleText((await open('before')).body)).toContain(
      'Difference: the total is less than the items, as with a discount -100.00',
    );
    const { body } = await open('after');
    expect(visibleText(body)).toContain('This order has no items.');
  });

  it('leads to the previous and the next order of its seller', async () => {
    const page = await open('12345');
    expect(linkTo(page, '← Previous of this seller')).toBe('/admin/orders/before');
    expect(linkTo(page, 'Next of this seller →')).toBe('/admin/orders/after');
    expect((await open('before')).body).not.toContain('← Previous');
    expect((await open('long')).body).not.toContain('Next of this seller');
  });

  it('shows when it was changed', async () => {
    await admin.pg.query(
      `UPDATE orders SET first_uploaded_at = '2025-11-12 11:00Z', last_changed_at = '2025-11-13 12:30Z'
       WHERE order_number = 'other'`,
    );
    expect(visibleText((await open('other')).body)).toContain(
      'First uploaded 2025-11-12 11:00 UTC Last changed 2025-11-13 12:30 UTC',
    );
  });

  it('shows the items of a long order page by page', async () => {
    const first = await open('long');
    expect(visibleText(first.body)).toContain('Items 1 to 500 of 1,001');
    expect(visibleText(first.body)).toContain('Sum of 1,001 items 1,001.00');
    const second = await admin.get(linkTo(first, 'Next items →'));
    const third = await admin.get(linkTo(second, 'Next items →'));
    expect(visibleText(third.body)).toContain('line-1001');
    expect(visibleText(third.body)).toContain('Items 1,001 to 1,001 of 1,001');
    expect(third.body).not.toContain('Next items');
    const back = await admin.get(linkTo(third, '← Previous items'));
    // A minute may begin between the two.
    const timeless = ({ body }: Answer) => body.replace(/As of [^<]+/, '');
    expect(timeless(back)).toBe(timeless(second));
    const beyond = await admin.get('/admin/orders/long?after_line=1500');
    expect(visibleText(beyond.body)).toContain('It has 1,001 items by now');
    expect(linkTo(beyond, '← Previous items')).toBe('/admin/orders/long?after_line=1000');
  });

  it('helps on where there is no such order', async () => {
    for (const number of ['nothing', 'x'.repeat(200), 'a\0b']) {
      const { statusCode, body } = await admin.get(
        `/admin/order?${new URLSearchParams({ number })}`,
      );
      expect(statusCode).toBe(404);
      expect(visibleText(body)).toContain('There is no order with the number');
    }
    expect((await admin.get('/admin/orders/12345?after_line=x')).statusCode).toBe(400);
  });
});

describe("an order's history", () => {
  const changed = (fields: Partial<ReturnType<typeof order>>) =>
    uploadOrders(admin.db, 'test_seller', [
      order({ order_number: 'story', created_at: '2025-11-12T10:00:00.000000Z', ...fields }),
    ]);
  const history = async () => {
    const [, rest = ''] = (await open('story')).body.split('<h2>History</h2>');
    return [...rest.matchAll(/<tr role="row">\s*<th scope="row".*?<\/tr>/gs)].map(([row]) =>
      visibleText(row).replace(/^(\d+) \d{4}-\d\d-\d\d \d\d:\d\d .*? [\da-f-]{36} /, '$1: '),
    );
  };

  it('says what each change was, field by field and line by line, the newest first', async () => {
    await changed({
      status: 'new',
      total_amount: '2500.00',
      items: [item({ sku: 'a', quantity: 1 }), item({ sku: 'b', name: 'Кофе', price: '1000.00' })],
    });
    await changed({
      status: 'paid',
      total_amount: '1000.00',
      items: [item({ sku: 'a', quantity: 2 }), item({ sku: 'c', name: 'Мёд', price: '3.50' })],
    });
    await changed({
      status: 'paid',
      total_amount: '1000.00',
      created_at: '2025-11-12T10:00:00.000001Z',
      items: [item({ sku: 'c', name: 'Мёд', price: '3.50' }), item({ sku: 'a', quantity: 2 })],
    });
    expect(await history()).toEqual([
      '3: Created: 2025-11-12 10:00:00 UTC → 2025-11-12 10:00:00.000001 UTC Items: the same → in another order',
      '2: Status: new → paid Total: 2,500.00 → 1,000.00 Item a: quantity: 1 → 2 Item c came: Мёд, 2 × 3.50 Item b went: Кофе, 2 × 1,000.00',
      '1: Created',
    ]);
  });

  it('says when it was deleted and brought back', async () => {
    const seller = changesOf(admin, 'deleter');
    await seller.upload(order({ order_number: 'back' }));
    const deletion = await seller.remove(['back']);
    await seller.undo(deletion.upload_id);
    const { body } = await open('back');
    const [, rest = ''] = body.split('<h2>History</h2>');
    const rows = [...rest.matchAll(/<tr role="row">\s*<th scope="row".*?<\/tr>/gs)].map(([row]) =>
      visibleText(row).replace(/ \d{4}-\d\d-\d\d \d\d:\d\d (\w+) .* /, ' $1: '),
    );
    expect(rows).toEqual(['2 Undoing: back', '1 Deletion: Deleted', '1 Upload: Created']);
    expect(visibleText(rest)).toContain('Brought back');
    expect(body).toContain(`href="/admin/uploads/${deletion.upload_id}"`);
  });

  it('tells where older states are no longer kept, and by which key it became so', async () => {
    await admin.pg.query(
      `DELETE FROM order_versions AS v USING orders AS o
       WHERE o.id = v.order_id AND o.order_number = 'story' AND v.version = 1`,
    );
    expect((await history()).at(-1)).toBe('2: What it was before is no longer kept');
    const { rows } = await admin.pg.query('SELECT key_id FROM uploads LIMIT 1');
    expect(visibleText((await open('story')).body)).toContain(`Upload with key ${rows[0]?.key_id}`);
  });

  it('compares no items that are too many', async () => {
    const many = (price: string) =>
      Array.from({ length: 400 }, (_, i) => item({ sku: `s${i}`, price }));
    await changed({ items: many('1.00') });
    await changed({ items: many('2.00') });
    expect((await history())[0]).toBe('5: Items: too many to compare here → changed');
  });

  it('has the order as the API gives it', async () => {
    const { body } = await open('12345');
    const [, json = ''] = body.split('As the API gives it</summary>');
    expect(JSON.parse(visibleText(json.split('</details>')[0] ?? ''))).toMatchObject({
      order_number: '12345',
      version: 1,
      items: [{ sku: 'tea01' }, {}],
    });
    expect((await open('long')).body).toContain('&quot;line-1001&quot;');
  });
});
