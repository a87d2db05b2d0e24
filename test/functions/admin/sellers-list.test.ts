import { beforeAll, describe, expect, it } from 'vitest';
import { listSellers, type SellerSort } from '../../../db/admin/sellers-list.ts';
import { createKey } from '../../../db/keys/seller-keys.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import { order } from '../../helpers/orders.ts';
import { linkTo, useAdmin, visibleText } from './pages.ts';

const TODAY = '2025-11-13';

const admin = useAdmin();
beforeAll(async () => {
  let next = 0;
  const sold = (day: string, total_amount: string) =>
    order({ order_number: `n-${next++}`, created_at: `${day}T10:00:00Z`, total_amount });
  await uploadOrders(admin.db, 'Tea House', [
    sold(TODAY, '5.00'),
    sold('2025-11-07', '1.00'), // the first of seven days
    sold('2025-11-06', '100.00'),
  ]);
  await uploadOrders(admin.db, 'coffee house', [sold('2025-11-12', '50.50')]);
  await uploadOrders(admin.db, 'future', [sold('2030-01-01', '9.00')]);
  await createKey(
    admin.db,
    {
      user: 'Just a key',
      label: '',
      scopes: ['stats:read'],
      id: 'aaaaaaaaaaaa',
      secretSha256: '00'.repeat(32),
    },
    SOMEBODY,
  );
  await admin.pg.query(
    `INSERT INTO users (username) SELECT 'shop ' || n FROM generate_series(1, 120) AS n`,
  );
});

const listed = async (sort: SellerSort, days = 30, q?: string) =>
  (await listSellers(admin.connectAs('admin'), { sort, days, q, today: TODAY, limit: 4 })).map(
    ({ username, orders_count, total_revenue }) => [username, orders_count, total_revenue],
  );

describe('the list of sellers', () => {
  it('has those with most revenue in the period first', async () => {
    expect((await listed('revenue')).slice(0, 2)).toEqual([
      ['Tea House', 3, '106.00'],
      ['coffee house', 1, '50.50'],
    ]);
    expect((await listed('revenue', 7)).slice(0, 2)).toEqual([
      ['coffee house', 1, '50.50'],
      ['Tea House', 2, '6.00'],
    ]);
  });

  it('is sorted by orders and by name, with those who have none', async () => {
    expect((await listed('orders', 7)).slice(0, 2)).toEqual([
      ['Tea House', 2, '6.00'],
      ['coffee house', 1, '50.50'],
    ]);
    expect(await listed('name')).toEqual([
      ['coffee house', 1, '50.50'],
      ['future', 0, '0.00'],
      ['Just a key', 0, '0.00'],
      ['shop 1', 0, '0.00'],
    ]);
  });

  it.each<[string, string[]]>([
    ['house', ['Tea House', 'coffee house']],
    ['COFF', ['coffee house']],
    ['a key', ['Just a key']],
    ["'; DROP TABLE users; --", []],
  ])('finds by a beginning or a word: %s', async (q, names) => {
    for (const sort of ['revenue', 'name'] as const) {
      const found = (await listed(sort, 30, q)).map(([name]) => name);
      expect(found.toSorted()).toEqual(names.toSorted());
    }
  });

  it('says when somebody last ordered and uploaded, and how many keys work', async () => {
    const sellers = await listSellers(admin.connectAs('admin'), {
      sort: 'name',
      days: 30,
      today: TODAY,
      limit: 3,
    });
    expect(sellers).toMatchObject([
      { last_order: '2025-11-12', active_keys: 0 },
      { last_order: null, active_keys: 0 }, // dated later
      { last_order: null, last_upload: null, active_keys: 1 },
    ]);
    expect(sellers[0]?.last_upload).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/);
  });
});

describe('the page of sellers', () => {
  it.each(['revenue', 'orders', 'name'])('leads through all of them once, by %s', async (sort) => {
    const seen: string[] = [];
    let address: string | undefined = `/admin/sellers?sort=${sort}`;
    while (address) {
      const answer = await admin.get(address);
      expect(answer.statusCode).toBe(200);
      const names = [...answer.body.matchAll(/<th scope="row"[^>]*><a [^>]*>([^<]*)</g)];
      seen.push(...names.map(([, name = '']) => name));
      address = answer.body.includes('rel="next"') ? linkTo(answer, 'Next →') : undefined;
    }
    expect(seen).toHaveLength(124);
    expect(new Set(seen).size).toBe(124);
  });

  it('leads to a seller, and keeps what was asked for', async () => {
    const { body } = await admin.get('/admin/sellers?q=house&sort=name&days=7');
    expect(body).toContain('href="/admin/seller?name=Tea%20House"');
    expect(body).toContain('href="/admin/sellers?q=house&amp;days=7"');
    expect(body).toContain('2 sellers found');
    expect(body).toContain('href="/admin/keys/new?user=house"');
  });

  it('says how to find when nothing is found', async () => {
    const { body } = await admin.get('/admin/sellers?q=nobody');
    expect(visibleText(body)).toContain('No seller matches');
  });

  it.each([
    'sort=up',
    'days=31',
    'after=1',
    'after=_1%27&sort=name',
    `q=${'x'.repeat(101)}`,
    'q=%00',
  ])('refuses %s', async (query) => {
    expect((await admin.get(`/admin/sellers?${query}`)).statusCode).toBe(400);
  });
});

describe('the overview', () => {
  it('is what /admin answers', async () => {
    const { statusCode, body } = await admin.get('/admin');
    expect(statusCode).toBe(200);
    expect(body).toContain('<h1>Overview</h1>');
    expect(visibleText(body)).toContain('No night yet');
    expect(body).toContain('href="/admin/seller?name=coffee%20house"'); // of an upload
  });
});
