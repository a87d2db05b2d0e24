import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../../db/orders.ts';
import { cell, MAX_EXPORT_BYTES } from '../../../../functions/admin/orders/export.ts';
import { order } from '../../../helpers/orders.ts';
import { type AdminPages, linkTo, openAdmin } from '../pages.ts';

let admin: AdminPages;
beforeAll(async () => {
  admin = await openAdmin();
  await uploadOrders(admin.db, '=HYPERLINK("http://evil")', [
    order({ order_number: '1', status: 'оплачен, "да"' }),
    order({
      order_number: '-2+3',
      status: '@SUM(A1)',
      total_amount: '-1.50',
      created_at: '2025-01-01T00:00:00.000000Z',
    }),
  ]);
});
afterAll(() => admin.drop());

describe('the export', () => {
  it('is CSV in UTF-8 of the filtered orders in their order', async () => {
    const page = await admin.get('/admin/orders?sort=oldest&from=2025-11-01');
    const { headers, body } = await admin.get(linkTo(page, 'Export CSV'));
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="orders.csv"',
      'cache-control': 'no-store',
    });
    expect(body).toBe(
      '\ufefforder_number,seller,created_at_utc,status,items_count,total_amount\r\n' +
        `"1","'=HYPERLINK(""http://evil"")",2025-11-12 10:00,"оплачен, ""да""",2,2500.00\r\n`,
    );
  });

  it('leaves nothing that a spreadsheet takes for a formula', async () => {
    const { body } = await admin.get('/admin/orders.csv?to=2025-06-01');
    expect(body).toContain(
      `"'-2+3","'=HYPERLINK(""http://evil"")",2025-01-01 00:00,"'@SUM(A1)",2,-1.50`,
    );
  });

  it.each([
    '=1',
    '+1',
    '-1',
    '@a',
    ' =1',
    '\t1',
    '\r=1',
    '＝1',
    '%0',
    '|x',
  ])('disarms %j', (text) => {
    expect(cell(text)).toBe(`"'${text}"`);
  });

  it('is cut to what one answer may hold, and says so', { timeout: 120_000 }, async () => {
    await admin.pg.query(
      `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
       SELECT id, rpad('n' || n, 50, 'ы'), '2024-01-01', 1, 'bulk', '' FROM users, generate_series(1, 60000) AS n`,
    );
    await admin.pg.query('ANALYZE');
    const { headers, body } = await admin.get('/admin/orders.csv?status=bulk');
    const lines = body.trimEnd().split('\r\n');
    const count = lines.length - 2;
    expect(lines.at(-1)).toContain(`Cut after ${count} orders`);
    expect(headers?.['content-disposition']).toBe(
      `attachment; filename="orders-first-${count}.csv"`,
    );
    const bytes = Buffer.byteLength(JSON.stringify(body));
    expect(bytes).toBeGreaterThan(MAX_EXPORT_BYTES - 1_000);
    expect(bytes).toBeLessThan(6_000_000);
  });
});
