import { beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../../db/uploads/upload-orders.ts';
import { order } from '../../../helpers/orders.ts';
import { linkTo, orderNumbers, useAdmin, visibleText } from '../pages.ts';

// More sellers, statuses, numbers and versions than are looked at or told at once.

const admin = useAdmin();
const SHOPS = Array.from({ length: 102 }, (_, i) => `shop-${String(i).padStart(3, '0')}`);

beforeAll(async () => {
  // Without orders, and before the others by their names.
  await admin.pg.query(
    `INSERT INTO users (username) SELECT 'Shop #' || n FROM generate_series(1, 300) AS n`,
  );
  await uploadOrders(
    admin.db,
    'many',
    Array.from({ length: 320 }, (_, i) =>
      order({ order_number: `many-${i}`, status: `#${1_000 + i} sent`, items: [] }),
    ),
  );
  await uploadOrders(
    admin.db,
    'walk',
    Array.from({ length: 1_200 }, (_, i) =>
      order({ order_number: `WALK-1${i}`, status: i % 2 ? 'paid' : 'Zugestellt', items: [] }),
    ),
  );
  for (const [i, shop] of SHOPS.entries()) {
    await uploadOrders(admin.db, shop, [order({ order_number: `of ${i}`, items: [] })]);
  }
});

const list = async (query: Record<string, string>) => {
  const page = await admin.get(`/admin/orders?${new URLSearchParams(query)}`);
  return { text: visibleText(page.body), numbers: orderNumbers(page) };
};

const exported = async (query: Record<string, string>) =>
  (await admin.get(`/admin/orders.csv?${new URLSearchParams(query)}`)).headers;
const countExported = async (query: Record<string, string>) =>
  (await exported(query))?.['exported-orders'];

describe('a search by the name of many sellers', () => {
  it('finds the orders of those who have any', async () => {
    expect((await list({ q: 'shop-09' })).numbers.toSorted()).toEqual(
      Array.from({ length: 10 }, (_, i) => `of ${90 + i}`),
    );
  });

  it('says where they are too many, and finds those of the seller of the filter', async () => {
    expect(await exported({ q: 'shop' })).toMatchObject({
      'exported-orders': '100',
      'exported-search': 'part',
    });
    expect(await exported({ q: 'shop-0' })).not.toHaveProperty('exported-search');
    expect((await list({ q: 'shop' })).text).toContain(
      'the orders of the first 100 by name were looked at',
    );
    expect((await list({ q: 'shop', seller: 'shop-101' })).numbers).toEqual(['of 101']);
    expect((await list({ q: 'shop-0' })).text).not.toContain('were looked at');
  });

  it('does not say that none fits the filters where not all were looked at', async () => {
    await uploadOrders(admin.db, 'shop-101', [order({ order_number: 'late', status: 'rare' })]);
    const { text, numbers } = await list({ q: 'shop', status: 'rare' });
    expect(numbers).toEqual([]);
    expect(text).toContain('of what was looked at, the other filters leave none.');
    expect((await list({ q: 'shop-0', status: 'rare' })).text).toContain(
      'What is searched for is there, but the other filters leave none of it.',
    );
  });
});

describe('a search by a part of many numbers', () => {
  it('finds them all', async () => {
    expect(await countExported({ q: 'ALK-1' })).toBe('1200');
    expect(await countExported({ q: 'ALK-1', status: 'paid' })).toBe('600');
  });

  it('takes ё for е, digits of any script, and spaces within', async () => {
    const numbers = ['XЁЖ98765', 'PQ٣٤٥٦', 'ORD 4455 6677'];
    await uploadOrders(
      admin.db,
      'odd',
      numbers.map((order_number) => order({ order_number, items: [] })),
    );
    for (const [i, q] of ['еж98', '٤٥٦', '55 6677'].entries()) {
      expect((await list({ q })).numbers).toEqual([numbers[i]]);
    }
  });
});

it('a search by more words than eight says that the others do not count', async () => {
  const q = 'a1 b2 c3 d4 e5 f6 g7 h8';
  expect((await list({ q })).text).not.toContain('words count');
  expect((await list({ q: `${q} i9` })).text).toContain('Only the first 8 words count');
});

describe('of many statuses', () => {
  it.each(['PAID', 'Paid', 'paid'])('one is found in any case: %s', async (status) => {
    expect((await list({ status })).text).toContain('600 orders');
  });

  it('one that begins with a capital is found', async () => {
    expect((await list({ status: 'ZUGESTELLT' })).text).toContain('600 orders');
  });

  it('only the first are counted where a filter leaves no order, which is said', async () => {
    const { text } = await list({ seller: 'many', status: 'unheard-of' });
    expect(text).toContain('At least 30 without the status');
    const few = await list({ seller: 'walk', status: 'unheard-of' });
    expect(few.text).toMatch(/ 1,20\d without the status/);
    expect(few.text).not.toContain('At least');
  });

  it("a seller's page says how many it tells", async () => {
    const { body } = await admin.get('/admin/sellers/many');
    expect(visibleText(body)).toContain('The 30 with most orders; there may be more.');
    const { body: few } = await admin.get('/admin/sellers/walk');
    expect(visibleText(few)).not.toContain('there may be more');
  });
});

describe('an order of many versions', () => {
  it('tells the latest, and that earlier ones are kept', async () => {
    for (let n = 1; n <= 21; n++) {
      await uploadOrders(admin.db, 'walk', [order({ order_number: 'often', status: `${n}` })]);
      if (n === 20) expect(await history()).toContain('Created');
    }
    expect(await history()).toContain('Status: 1 → 2');
    expect(await history()).toContain(
      'These are the latest 20 versions; earlier ones are kept, too.',
    );
    expect(await history()).not.toContain('no longer kept');
  });

  it('is changed, though that was in the second in which it came', async () => {
    const text = visibleText((await admin.get('/admin/orders/often')).body);
    expect(text).not.toContain('Never since');
  });
});

const history = async () => {
  const [, rest = ''] = (await admin.get('/admin/orders/often')).body.split('<h2>History</h2>');
  return visibleText(rest);
};

it('the list of sellers goes on behind one who is erased meanwhile', async () => {
  const page = await admin.get('/admin/sellers?sort=name');
  const next = linkTo(page, 'Next →') ?? '';
  const [, last] = /after=(.+?)_\d+/.exec(decodeURIComponent(next)) ?? [];
  const then = (await admin.get(next)).body;
  await admin.pg.query('DELETE FROM users WHERE username = $1', [last?.replaceAll('+', ' ')]);
  expect((await admin.get(next)).body).toBe(then);
});
