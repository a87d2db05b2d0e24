import { beforeAll, describe, expect, it } from 'vitest';
import { createKey, revokeKey } from '../../../../db/keys/seller-keys.ts';
import { uploadOrders } from '../../../../db/uploads/upload-orders.ts';
import { SOMEBODY } from '../../../helpers/audit-log.ts';
import { item, order } from '../../../helpers/orders.ts';
import { type Answer, linkTo, orderNumbers, useAdmin, visibleText } from '../pages.ts';

const admin = useAdmin();
beforeAll(async () => {
  await uploadOrders(admin.db, 'Clothes', [
    order({ order_number: 'CAM-52645', items: [item({ sku: 'tsh01', name: 'T-Shirt, blue' })] }),
    order({ order_number: 'CAM77001', items: [item({ sku: 'cap01', name: 'Red cap' })] }),
  ]);
});

const search = (query: Record<string, string>) =>
  admin.get(`/admin/orders?${new URLSearchParams(query)}`);

describe('a search', () => {
  it.each([
    ['the whole of a group of digits', '52645', 'CAM-52645'],
    ['the end of a number', '2645', 'CAM-52645'],
    ['digits behind letters', '77001', 'CAM77001'],
    ['the beginning of a word', 'shir', 'CAM-52645'],
    ['the beginning of a SKU', 'cap0', 'CAM77001'],
    ['beginnings of several words', 'blu t-shi', 'CAM-52645'],
  ])('finds an order by %s', async (_, q, number) => {
    expect(orderNumbers(await search({ q }))).toEqual([number]);
  });

  it.each([
    'abcdef012345',
    'oa_test_abcdef012345',
    `oa_live_abcdef012345_${'0'.repeat(64)}`,
  ])('leads from a key to its seller: %s', async (q) => {
    await createKey(
      admin.db,
      {
        id: 'abcdef012345',
        secretSha256: 'ab'.repeat(32),
        user: 'Clothes',
        label: 'erp',
        scopes: ['stats:read'],
      },
      SOMEBODY,
    ).catch(() => {}); // it is there already
    const page = await search({ q });
    expect(visibleText(page.body)).toContain('abcdef012345 is a key of Clothes .');
    expect(linkTo(page, 'Clothes')).toBe('/admin/sellers/Clothes#keys');
    expect(linkTo(page, 'Revoke it')).toBe('/admin/keys/abcdef012345/revoke');
  });
});

describe('a search for a key that is revoked', () => {
  it('says so, and does not lead to revoking it', async () => {
    const secretSha256 = 'cd'.repeat(32);
    const key = { id: 'revoked00001', secretSha256, user: 'Clothes', label: 'erp' };
    await createKey(admin.db, { ...key, scopes: ['stats:read'] }, SOMEBODY);
    await revokeKey(admin.db, key.id, SOMEBODY);
    const page = await search({ q: key.id });
    expect(visibleText(page.body)).toContain('revoked00001 is a key of Clothes . It is revoked.');
    expect(page.body).not.toContain('/revoke"');
  });
});

describe('a search that finds nothing', () => {
  it('names what nothing has, and what is nearly the same', async () => {
    const page = await search({ q: 'tshrit' });
    expect(visibleText(page.body)).toContain('Nothing has “tshrit”.');
    const nearest = await admin.get(linkTo(page, 'Search for “t shirt”'));
    expect(orderNumbers(nearest)).toEqual(['CAM-52645']);
  });

  it('says so of each word that is typed', async () => {
    expect(visibleText((await search({ q: 'red samovar' })).body)).toContain(
      'Nothing has “samovar”.',
    );
    expect(visibleText((await search({ q: 'red shirt' })).body)).toContain(
      'Each of the words is there, but no number, seller or item has all of them.',
    );
  });

  it('knows words of numbers and of sellers for being there', async () => {
    await uploadOrders(admin.db, 'tea_house', [order({ order_number: 'Tea/77002', items: [] })]);
    for (const word of ['tea_house', 'clothes', 'tea/77', 'cam-52', '52645', '2645', '7700']) {
      expect(visibleText((await search({ q: `${word} zzzzz` })).body)).toContain(
        'Nothing has “zzzzz”.',
      );
    }
  });

  it('leads to sellers who are called so and have no orders', async () => {
    await admin.pg.query(
      `INSERT INTO users (username) SELECT unnest(ARRAY['Newcomer', 'Idle 1', 'Idle 2', 'Idle 3', 'Idle 4'])`,
    );
    const page = await search({ q: 'newcomer', from: '2026-01-01' });
    expect(visibleText(page.body)).toContain(
      'No order has it. Sellers who are called so have no orders: Newcomer .',
    );
    expect(linkTo(page, 'Newcomer')).toBe('/admin/sellers/Newcomer');
    expect(page.body).not.toContain('without the other filters');
    const many = await search({ q: 'idle' });
    expect(visibleText(many.body)).toContain('have no orders: Idle 1 , Idle 2 , Idle 3 and others');
    expect(linkTo(many, 'others')).toBe('/admin/sellers?q=idle');
  });

  it('leads to what it would find without the other filters', async () => {
    const page = await search({ q: 'shirt', status: 'unheard-of' });
    expect(orderNumbers(await admin.get(linkTo(page, '1 without the other filters')))).toEqual([
      'CAM-52645',
    ]);
  });

  it.each<Record<string, string>>([
    { from: '2026-01-01' },
    { to: '2020-01-01' },
    { seller: 'tea_house' },
    { seller: 'nobody' },
  ])('leads to the orders whose numbers have it without %j', async (others) => {
    const page = await search({ q: '2645', ...others });
    expect(visibleText(page.body)).not.toContain('Nothing has');
    expect(page.body).not.toContain('Search for');
    expect(linkTo(page, '1 without the other filters')).toBe('/admin/orders?q=2645');
  });

  it('counts numbers that begin with it, and others that have it', async () => {
    const numbers = ['9QX-1', 'Z9QX-2', 'Y9QX-3'];
    const orders = numbers.map((order_number) => order({ order_number, items: [] }));
    await uploadOrders(admin.db, 'Clothes', orders);
    const page = await search({ q: '9QX', to: '2020-01-01' });
    const without = await admin.get(linkTo(page, '3 without the other filters'));
    expect(orderNumbers(without).toSorted()).toEqual(numbers.toSorted());
  });
});

describe('a search for what many have', () => {
  beforeAll(async () => {
    // 9,000 old orders with a word, before 5,000 without.
    await admin.pg.query(`
      INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
        SELECT id, 'm' || n, timestamptz '2020-01-01' + n * interval '1 minute', 1, 'bulk', ''
        FROM users, generate_series(1, 14000) AS n WHERE username = 'Clothes';
      INSERT INTO order_items
        SELECT id, 1, 'x', CASE WHEN substr(order_number, 2)::int <= 9000 THEN 'Lantern' ELSE 'Lamp' END, 1, 1
        FROM orders WHERE status = 'bulk'`);
    await admin.pg.query('ANALYZE');
  });

  it('says how many orders it has looked at, and goes on from there until it finds them', async () => {
    const first = await search({ q: 'lantern', status: 'bulk' });
    expect(orderNumbers(first)).toEqual([]);
    expect(visibleText(first.body)).toContain('So far 3,500 orders were looked at');
    expect(visibleText(first.body)).toContain('Nothing found so far');
    const second = await admin.get(linkTo(first, 'Next →'));
    expect(orderNumbers(second).slice(0, 2)).toEqual(['m9000', 'm8999']);
    expect(visibleText(second.body)).not.toContain('So far');
    expect(orderNumbers(await search({ q: 'lantern', sort: 'oldest' })).at(0)).toBe('m1');
  });

  it('loses none and doubles none on its way, in either direction', async () => {
    const way = async (page: Answer, link: string) => {
      const seen: string[] = [];
      for (;;) {
        seen.push(...orderNumbers(page));
        if (!page.body.includes(link)) return seen;
        page = await admin.get(linkTo(page, link));
      }
    };
    const filter = { q: 'lantern', from: '2020-01-07', to: '2020-01-10' };
    const forward = await way(await search(filter), 'Next →');
    expect([forward.length, new Set(forward).size]).toEqual([
      9_000 - 6 * 1_440 + 1,
      forward.length,
    ]);
    const end = await search({ ...filter, before: '1970-01-01T00:00:00.000000Z_0' });
    const pages = await way(end, '← Previous');
    expect(new Set(pages)).toEqual(new Set(forward));
  });

  it('is exported whole', async () => {
    const lines: string[] = [];
    for (let address: string | undefined = '/admin/orders.csv?q=lantern'; address; ) {
      const { headers = {}, body }: Answer = await admin.get(address);
      lines.push(...body.trimEnd().split('\r\n').slice(1));
      address = /^<([^>]+)>/.exec(String(headers.link))?.[1];
    }
    expect([lines.length, new Set(lines).size]).toEqual([9_000, 9_000]);
  });
});

describe('a search for a part of a number that only an old order has', () => {
  beforeAll(async () => {
    // One old order before the 20,000 newest.
    await admin.pg.query(`
      INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
        SELECT id, CASE n WHEN 0 THEN 'old' || 31415 ELSE 'k' || n END,
          timestamptz '2019-01-01' + n * interval '1 minute', 1, 'old', ''
        FROM users, generate_series(0, 6001) AS n WHERE username = 'Clothes'`);
  });

  it('says what was looked at', async () => {
    const text = visibleText((await search({ q: 'd3141' })).body);
    expect(text).toContain('Nothing that was looked at has “d3141”.');
    expect(text).toContain('in the 20,000 newest orders');
    expect(visibleText((await search({ q: 'revoked00001' })).body)).toContain(
      'No order that was looked at has it, since it is a key.',
    );
    expect(visibleText((await search({ q: 'old31415 samovar' })).body)).toContain(
      'Nothing has “samovar”.',
    );
  });

  it('leads to it by the dates that have it', async () => {
    const page = await search({ q: 'd3141', to: '2019-01-01', status: 'paid' });
    expect(visibleText(page.body)).toContain('the other filters leave none');
    const near = await admin.get(linkTo(page, '1 with the seller and dates alone'));
    expect(orderNumbers(near)).toEqual(['old31415']);
  });
});
