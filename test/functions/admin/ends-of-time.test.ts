import { beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { order } from '../../helpers/orders.ts';
import { linkTo, orderNumbers, useAdmin, visibleText } from './pages.ts';

// Orders may be dated from 1970-01-01 to 9999-12-31,
// and one seller's must not harm what others see.

const ENDS = [
  ['first', '1970-01-01T00:00:00.000000Z'],
  ['now', '2025-11-12T10:00:00.000000Z'],
  ['last', '9999-12-31T23:59:59.999999Z'],
] as const;

const admin = useAdmin();
beforeAll(async () => {
  const dated = ENDS.map(([order_number, created_at]) => order({ order_number, created_at }));
  await uploadOrders(admin.db, 'far away', dated);
  await uploadOrders(admin.db, 'only later', [
    order({ order_number: 'later', created_at: '9999-12-30T00:00:00.000000Z' }),
  ]);
});

const PERIODS: Record<string, string>[] = [
  {},
  { from: '1970-01-01', to: '1970-01-01' },
  { from: '1970-01-01', to: '1970-01-31' },
  { from: '1970-01-01', to: '1970-12-31' },
  { from: '1970-01-01', to: '9999-12-31' },
  { from: '9999-01-01', to: '9999-12-31' },
  { from: '9999-12-01', to: '9999-12-31' },
  { from: '9999-12-31', to: '9999-12-31' },
  { from: '9999-12-31' },
  { to: '1970-01-01' },
  { from: '9998-12-31', to: '9999-01-01' },
];

function everyPeriodAnswers(paths: readonly string[]) {
  it.each(PERIODS)('of %j is answered, and so are all pages that it leads to', async (period) => {
    const filters: Record<string, string>[] = [
      {},
      { status: 'delivered' },
      { seller: 'far away' },
      { q: 'l' },
    ];
    for (const more of filters) {
      for (const path of paths) {
        const page = await admin.get(`${path}?${new URLSearchParams({ ...period, ...more })}`);
        expect([period, more, path, page.statusCode]).toEqual([period, more, path, 200]);
      }
    }
    const page = await admin.get(`/admin/orders?${new URLSearchParams(period)}`);
    const links = [...page.body.matchAll(/href="(\/admin\/orders\?[^"]*)"/g)];
    expect(links.length).toBeGreaterThan(0);
    for (const [, href = ''] of links) {
      const { statusCode } = await admin.get(href.replaceAll('&amp;', '&'));
      expect([href, statusCode]).toEqual([href, 200]);
    }
  });
}

describe('the list of orders, counted,', () => {
  everyPeriodAnswers(['/admin/orders', '/admin/orders.csv']);

  it('leads to the last day and the first', async () => {
    const all = await admin.get('/admin/orders');
    expect(visibleText(all.body)).toContain('1970 1 2025 1 9999 2');
    const december = await admin.get(linkTo(await admin.get(linkTo(all, '9999 2')), 'December 2'));
    expect(orderNumbers(await admin.get(linkTo(december, '31 1')))).toEqual(['last']);
    const january = await admin.get(linkTo(await admin.get(linkTo(all, '1970 1')), 'January 1'));
    expect(orderNumbers(await admin.get(linkTo(january, '1 1')))).toEqual(['first']);
  });
});

describe("a seller's page", () => {
  it('draws the days up to today, and names the orders that are dated later', async () => {
    const page = await admin.get('/admin/sellers/far away?days=365');
    const text = visibleText(page.body);
    expect(text).toContain('1 order is dated later, the last on 9999-12-31 .');
    expect(page.body).not.toContain('<title>9999-12-31');
    expect(orderNumbers(await admin.get(linkTo(page, '1 order')))).toEqual(
      ['later', 'last'].slice(1),
    );
  });

  it('says so, too, of a seller who has no other orders', async () => {
    const { statusCode, body } = await admin.get('/admin/seller?name=only+later');
    expect(statusCode).toBe(200);
    expect(visibleText(body)).toContain('1 order is dated later, the last on 9999-12-30 .');
  });
});

describe('the list of orders, estimated,', () => {
  beforeAll(async () => {
    // 30,000 orders of the 40 days before the last one and many rows of the roll-up,
    // as of many sellers.
    await admin.pg.query(`
      INSERT INTO users (username) SELECT 'seller ' || n FROM generate_series(1, 600) AS n;
      INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
        SELECT u.id, username || '-' || n, '2025-11-12'::timestamptz - n % 40 * interval '1 day' - n * interval '1 second', 10, 'paid', ''
        FROM users AS u, generate_series(1, 50) AS n WHERE username LIKE 'seller %';
      INSERT INTO daily_order_stats (user_id, day, status, orders_count, total_revenue)
        SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, status, count(*), sum(total_amount)
        FROM orders WHERE status = 'paid' GROUP BY 1, 2, 3;
      ANALYZE`);
  });

  everyPeriodAnswers(['/admin/orders']); // an export neither counts nor estimates

  it('names the years that have orders and no others, and says about how many', async () => {
    const { body } = await admin.get('/admin/orders');
    expect(visibleText(body)).toMatch(/About 30,000 orders/);
    const years = /<ul>(.*?)<\/ul>/s.exec(body.split('aria-label="By date"')[1] ?? '')?.[1] ?? '';
    expect(visibleText(years)).toMatch(/^1970 ≈ \d+ 2025 ≈ (29|30),000 9999 ≈ 1$/);
  });

  it('names the days of a month in which there are orders', async () => {
    const { body } = await admin.get('/admin/orders?from=9999-12-01&to=9999-12-31');
    expect(visibleText(body)).toContain('December 30 ');
  });
});

describe('the list of orders of every year', () => {
  beforeAll(async () => {
    await admin.pg.query(`
      INSERT INTO users (username) VALUES ('ages');
      INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
        SELECT id, 'year' || y, make_timestamptz(y, 6, 1, 0, 0, 0, 'UTC'), 10, 'aged', ''
        FROM users, generate_series(1970, 9999) AS y WHERE username = 'ages';
      INSERT INTO daily_order_stats (user_id, day, status, orders_count, total_revenue)
        SELECT user_id, (created_at AT TIME ZONE 'UTC')::date, status, 1, 10
        FROM orders WHERE status = 'aged'`);
  });

  it.each([
    '',
    '?seller=ages',
    '?status=aged',
  ])('has few links, which lead to all: %s', async (query) => {
    const page = await admin.get(`/admin/orders${query}`);
    expect(page.body.length).toBeLessThan(100_000);
    const [, href = ''] = /href="([^"]*)">\d{4} – 9999 </.exec(page.body) ?? [];
    const { statusCode, body } = await admin.get(href.replaceAll('&amp;', '&'));
    expect(statusCode).toBe(200);
    expect(body).toMatch(/>\d{4} – 9999 </);
    expect(page.body).toMatch(/>1970 – \d{4} </);
  });
});
