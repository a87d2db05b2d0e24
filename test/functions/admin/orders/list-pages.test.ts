import { beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../../db/uploads/upload-orders.ts';
import { item, orders } from '../../../helpers/orders.ts';
import { linkTo, orderNumbers, useAdmin, visibleText } from '../pages.ts';

const admin = useAdmin();

const list = (query: Record<string, string>) =>
  admin.get(`/admin/orders?${new URLSearchParams(query)}`);

describe('the pages of a list', () => {
  beforeAll(async () => {
    // 120 orders, among them many of one moment and of one amount.
    const many = orders(120, 'P-', { status: 'paged', items: [item({ name: 'Page turner' })] }).map(
      (one, i) => ({
        ...one,
        created_at: `2022-01-0${1 + Math.floor(i / 40)}T00:00:00.000000Z`,
        total_amount: `${Math.floor(i / 50)}.00`,
      }),
    );
    await uploadOrders(admin.db, 'Pager', many);
    await admin.pg.query('ANALYZE');
  });

  it.each<[Record<string, string>]>([
    [{ seller: 'Pager' }],
    [{ seller: 'Pager', sort: 'changed' }],
    [{ status: 'paged', sort: 'unchanged', changed: '2020-01-01' }],
    [{ status: 'paged', sort: 'oldest' }],
    [{ seller: 'Pager', sort: 'highest' }],
    [{ status: 'paged', sort: 'lowest', max: '5' }],
    [{ q: 'turner' }],
    [{ q: 'P-', sort: 'lowest' }],
    [{ to: '2022-12-31' }],
  ])('go forward and back through %j without losing or doubling an order', async (query) => {
    const first = await list(query);
    const second = await admin.get(linkTo(first, 'Next →'));
    const third = await admin.get(linkTo(second, 'Next →'));
    const seen = [first, second, third].map(orderNumbers);
    expect(seen.map((page) => page.length)).toEqual([50, 50, 20]);
    expect(new Set(seen.flat()).size).toBe(120);
    expect(third.body).not.toContain('Next →');

    const back = await admin.get(linkTo(third, '← Previous'));
    expect(orderNumbers(back)).toEqual(seen[1]);
    const backToFirst = await admin.get(linkTo(back, '← Previous'));
    expect(orderNumbers(backToFirst)).toEqual(seen[0]);
    expect(backToFirst.body).not.toContain('← Previous');
    expect(orderNumbers(await admin.get(linkTo(third, 'First page')))).toEqual(seen[0]);

    const last = await admin.get(linkTo(first, 'Last page'));
    expect(orderNumbers(last)).toEqual(seen.flat().slice(-50));
    expect(last.body).not.toContain('Next →');
    expect(orderNumbers(await admin.get(linkTo(last, '← Previous')))).toEqual(
      seen.flat().slice(20, 70),
    );
  });

  it('say which of all orders they show, and what all come to', async () => {
    const first = await list({ seller: 'Pager' });
    const all = '120 orders · 90.00';
    expect(visibleText(first.body)).toContain(`1–50 of ${all}`);
    const second = await admin.get(linkTo(first, 'Next →'));
    expect(visibleText(second.body)).toContain(`51–100 of ${all}`);
    const third = await admin.get(linkTo(second, 'Next →'));
    expect(visibleText(third.body)).toContain(`101–120 of ${all}`);
    const back = await admin.get(linkTo(third, '← Previous'));
    expect(visibleText(back.body)).toContain(`51–100 of ${all}`);

    const last = await admin.get(linkTo(first, 'Last page'));
    expect(visibleText(last.body)).toContain(`71–120 of ${all}`);
    const before = await admin.get(linkTo(last, '← Previous'));
    expect(visibleText(before.body)).toContain(`21–70 of ${all}`);
    const start = await admin.get(linkTo(before, '← Previous'));
    expect(visibleText(start.body)).toContain(`1–20 of ${all}`);
    expect(start.body).not.toContain('← Previous');
  });

  it('show the same orders of a rare status as without the statistics that call it rare', async () => {
    const common = orders(1, 'R-', { status: 'rare', created_at: '2021-06-01T12:00:00.000000Z' });
    await uploadOrders(admin.db, 'Pager', common);
    await admin.pg.query(
      `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
       SELECT id, 'bulk-' || n, '2020-01-01', 1, 'bulk', '' FROM users, generate_series(1, 1000) AS n
       WHERE username = 'Pager'`,
    );
    await admin.pg.query('ANALYZE orders');
    const queries: Record<string, string>[] = [
      {},
      { sort: 'oldest' },
      { sort: 'highest' },
      { seller: 'Pager' },
      { max: '9999' },
    ];
    for (const query of queries) {
      expect(orderNumbers(await list({ status: 'rare', ...query }))).toEqual(['R-0']);
    }
    expect(orderNumbers(await list({ status: 'rare', from: '2021-06-02' }))).toEqual([]);
  });
});
