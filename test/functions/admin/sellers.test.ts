import { beforeAll, describe, expect, it } from 'vitest';
import { createKey, revokeKey } from '../../../db/keys/seller-keys.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import { order } from '../../helpers/orders.ts';
import { useAdmin } from './pages.ts';

const admin = useAdmin();
beforeAll(async () => {
  await uploadOrders(admin.db, 'test_seller', [
    order({
      order_number: '1',
      created_at: '2025-11-10T23:59:59Z',
      total_amount: '1234.50',
      status: 'paid',
    }),
    order({
      order_number: '2',
      created_at: '2025-11-12T00:00:00Z',
      total_amount: '100.25',
      status: 'paid',
    }),
    order({
      order_number: 'a/b?',
      created_at: '2025-11-12T10:00:00Z',
      total_amount: '0.25',
      status: 'new',
    }),
    order({
      order_number: '4',
      created_at: '2025-06-01T10:00:00Z',
      total_amount: '9',
      status: 'new',
    }),
  ]);
});

/** The texts of a table's cells, row by row, by the table's caption. */
function table(body: string, caption: string): string[][] {
  const [, rest = ''] = body.split(`>${caption}</caption>`);
  const [rows = ''] = rest.split('</table>');
  return [...rows.matchAll(/<tr[^>]*>(.*?)<\/tr>/gs)].map(([, row = '']) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell = '']) =>
      cell.replace(/<[^>]+>/g, '').trim(),
    ),
  );
}

describe("a seller's page", () => {
  it('has the totals, and the same by status and by day', async () => {
    const { statusCode, body } = await admin.get('/admin/sellers/test_seller');
    expect(statusCode).toBe(200);
    expect(body).toContain('<dt>Orders</dt><dd>4</dd>');
    expect(body).toContain('<dt>Revenue</dt><dd>1,344.00</dd>');
    expect(body).toContain('<dt>Average order</dt><dd>336.00</dd>');
    expect(table(body, 'Orders and revenue by status, those with most orders first')).toEqual([
      ['Status', 'Orders', 'Revenue'],
      ['new', '2', '9.25'],
      ['paid', '2', '1,334.75'],
      ['All', '4', '1,344.00'],
    ]);
    expect(table(body, 'Days with orders, newest first')).toEqual([
      ['Day (UTC)', 'Orders', 'Revenue'],
      ['2025-11-12', '2', '100.50'],
      ['2025-11-10', '1', '1,234.50'],
    ]);
  });

  it('draws a bar a day, and says what it draws to those who do not see it', async () => {
    const { body } = await admin.get('/admin/sellers/test_seller?days=30');
    const [revenue = '', orders = ''] = body.match(/<svg.*?<\/svg>/gs) ?? [];
    expect(revenue).toContain('role="group" aria-label="Revenue by day, 2025-10-14 to 2025-11-12;');
    expect(
      [...revenue.matchAll(/<rect x="(\d+)" y="([\d.]+)" width="8" height="([\d.]+)">/g)].map((m) =>
        m.slice(1).map(Number),
      ),
    ).toEqual([
      [271, 17.7, 82.3], // 1,234.50 of 1,500
      [291, 93.3, 6.7],
    ]);
    expect(orders).toContain('height="50"><title>2025-11-10: 1,234.50, 1 order</title>');
    expect(orders).toContain('height="100"><title>2025-11-12: 100.50, 2 orders</title>');
  });

  it.each([
    ['30', '30', 'Days', ['2025-11-12', '2025-11-10']],
    ['90', '90', 'Days', ['2025-11-12', '2025-11-10']],
    ['365', '365', 'Weeks', ['2025-11-10 to 2025-11-12', '2025-05-26 to 2025-06-01']],
    ['1095', '1,095', 'Months', ['2025-11-01 to 2025-11-12', '2025-06-01 to 2025-06-30']],
  ])('covers %s days up to the last order, in bars that are wide enough', async (days, text, spans, first) => {
    const { body } = await admin.get(`/admin/sellers/test_seller?days=${days}`);
    const [, ...rows] = table(body, `${spans} with orders, newest first`);
    expect(rows.map(([bar]) => bar)).toEqual(first);
    expect(body.match(/<svg.*?<\/svg>/gs)?.[0]?.match(/<rect/g)).toHaveLength(first.length);
    expect(body).toContain(`aria-current="true">${text} days</a>`);
  });

  it('leads from a week or a month to its orders', async () => {
    const { body } = await admin.get('/admin/sellers/test_seller?days=1095');
    const href = '/admin/orders?seller=test_seller&amp;from=2025-11-01&amp;to=2025-11-12';
    expect(body).toContain(
      `<a href="${href}" tabindex="-1" aria-label="2025-11-01 to 2025-11-12: 1,335.00, 3 orders">`,
    );
    const [, ...rows] = table(body, 'Months with orders, newest first');
    expect(rows[0]).toEqual(['2025-11-01 to 2025-11-12', '3', '1,335.00']);
  });

  it('links to the last orders, newest first', async () => {
    const { body } = await admin.get('/admin/seller?name=test_seller');
    const rows = table(body, 'The last 4 orders, newest first');
    expect(rows.map(([number, created]) => [number, created])).toEqual([
      ['Order', 'Created (UTC)'],
      ['a/b?', '2025-11-12 10:00'],
      ['2', '2025-11-12 00:00'],
      ['1', '2025-11-10 23:59'],
      ['4', '2025-06-01 10:00'],
    ]);
    expect(body).toContain('href="/admin/order?number=a%2Fb%3F"');
    expect(body).toContain('href="/admin/orders/2"');
    expect(body).toContain('href="/admin/orders?seller=test_seller"');
  });

  it('lists the keys without their secrets, with the ways to change those that work', async () => {
    const stored = (id: string) => ({ id, secretSha256: 'ab'.repeat(32), user: 'test_seller' });
    const scopes = ['orders:write', 'stats:read'];
    await createKey(admin.db, { ...stored('old'), label: '<b>old</b>', scopes }, SOMEBODY);
    await revokeKey(admin.db, 'old', SOMEBODY);
    await createKey(admin.db, { ...stored('new'), label: 'erp', scopes: ['stats:read'] }, SOMEBODY);
    const { body } = await admin.get('/admin/sellers/test_seller');
    const keys = table(body, 'Keys, newest first; times are UTC').map((row) => row.slice(0, 4));
    expect(keys).toEqual([
      ['Key', 'Label', 'May', 'State'],
      ['new', 'erp', 'stats:read', 'active'],
      ['old', '&lt;b&gt;old&lt;/b&gt;', 'orders:write, stats:read', 'revoked'],
    ]);
    expect(body).toContain('href="/admin/keys/new/revoke"');
    expect(body).not.toContain('href="/admin/keys/old/revoke"');
    expect(body).not.toContain('abab');
    expect(body).toContain('href="/admin/keys/new?user=test_seller"');
  });

  it('helps where there is nothing yet', async () => {
    await admin.pg.query("INSERT INTO users (username) VALUES ('new seller')");
    const { statusCode, body } = await admin.get('/admin/seller?name=new%20seller');
    expect(statusCode).toBe(200);
    expect(body).toContain('No orders yet');
    expect(body).not.toContain('<svg');
  });

  it('shows negative revenue below the axis', async () => {
    await uploadOrders(admin.db, 'refunds', [order({ order_number: 'r', total_amount: '-5' })]);
    const { body } = await admin.get('/admin/sellers/refunds');
    expect(body).toContain('y="0" width="8" height="100"');
  });

  it.each([
    'Мир/ и "<script>x</script>" 🫖?#&+',
    '.',
    '100%',
    'а'.repeat(50),
  ])('is found by the name %s', async (name) => {
    await uploadOrders(admin.db, name, [order({ order_number: `of ${name}`.slice(0, 50) })]);
    const { statusCode, body } = await admin.get(`/admin/seller?name=${encodeURIComponent(name)}`);
    expect(statusCode).toBe(200);
    expect(body).toContain('<dt>Orders</dt><dd>1</dd>');
    expect(body).not.toContain('<script');
  });

  it('is not found for nobody, and refuses what it does not know', async () => {
    const { statusCode, body } = await admin.get('/admin/sellers/nobody');
    expect([statusCode, body]).toEqual([404, expect.stringContaining('no seller called nobody')]);
    for (const query of ['days=7', 'page=2', 'days=30&days=30']) {
      expect((await admin.get(`/admin/sellers/test_seller?${query}`)).statusCode).toBe(400);
    }
    expect((await admin.get('/admin/seller')).statusCode).toBe(400);
  });
});
