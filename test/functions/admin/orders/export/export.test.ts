import { beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../../../db/uploads/upload-orders.ts';
import { MAX_EXPORT_BYTES } from '../../../../../functions/admin/orders/export/export.ts';
import { CHOSEN_BY } from '../../../../../functions/shared/pages/chosen-by.ts';
import { item, order } from '../../../../helpers/orders.ts';
import { type Answer, useAdmin, visibleText } from '../../pages.ts';

const admin = useAdmin();
beforeAll(async () => {
  await uploadOrders(admin.db, '=HYPERLINK("http://evil")', [
    order({ order_number: '1', status: 'оплачен, "да"' }),
    order({
      order_number: '-2+3',
      status: '@SUM(A1)',
      total_amount: '-1.50',
      created_at: '2025-01-01T00:00:00.000000Z',
    }),
  ]);
  await admin.pg.query("UPDATE orders SET last_changed_at = '2025-11-13T08:00:00Z'");
});

describe('the export', () => {
  it('is CSV in UTF-8 of the filtered orders in their order, named by the filter', async () => {
    const { headers, body } = await admin.get('/admin/orders.csv?sort=oldest&from=2025-11-01');
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="orders-since-2025-11-01.csv"',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('link');
    expect(body).toBe(
      '\ufefforder_number,seller,created_at_utc,status,items_count,total_amount,last_changed_at_utc\r\n' +
        `"1","'=HYPERLINK(""http://evil"")",2025-11-12 10:00:00,"оплачен, ""да""",2,2500.00,2025-11-13 08:00:00\r\n`,
    );
  });

  it('is parted by semicolons, with decimal commas, where that is what Excel reads', async () => {
    const { body } = await admin.get('/admin/orders.csv?from=2025-11-01&delimiter=semicolon');
    expect(body).toBe(
      '\ufefforder_number;seller;created_at_utc;status;items_count;total_amount;last_changed_at_utc\r\n' +
        `"1";"'=HYPERLINK(""http://evil"")";2025-11-12 10:00:00;"оплачен, ""да""";2;2500,00;2025-11-13 08:00:00\r\n`,
    );
  });

  it('has a row for each item, if that is what is asked for', async () => {
    const { headers, body } = await admin.get('/admin/orders.csv?from=2025-11-01&of=items');
    expect(headers?.['content-disposition']).toContain('"items-since-2025-11-01.csv"');
    const start = `"1","'=HYPERLINK(""http://evil"")",2025-11-12 10:00:00,"оплачен, ""да"""`;
    expect(body.split('\r\n')).toEqual([
      '\ufefforder_number,seller,created_at_utc,status,line_no,sku,name,quantity,price,line_amount',
      `${start},1,"tea01","Чай зелёный",2,500.00,1000.00`,
      `${start},2,"cup01","Чай зелёный",1,1500.00,1500.00`,
      '',
    ]);
  });

  it('is a line of JSON for each, with all digits of the money', async () => {
    const { headers, body } = await admin.get('/admin/orders.ndjson?sort=oldest');
    expect(headers?.['content-type']).toBe('application/x-ndjson; charset=utf-8');
    expect(body.split('\n')[0]).toBe(
      '{"order_number":"-2+3","seller":"=HYPERLINK(\\"http://evil\\")","created_at":"2025-01-01T00:00:00Z","status":"@SUM(A1)","items_count":2,"total_amount":-1.50,"last_changed_at":"2025-11-13T08:00:00Z"}',
    );
    const items = await admin.get('/admin/orders.ndjson?sort=oldest&of=items');
    expect(JSON.parse(items.body.split('\n')[1] ?? '')).toMatchObject({
      order_number: '-2+3',
      line_no: 2,
      sku: 'cup01',
      price: 1500,
    });
  });

  it.each([
    ['', 'orders.csv'],
    ['from=2026-10-01&to=2026-10-31', 'orders-2026-10.csv'],
    ['from=2026-10-05&to=2026-10-05&of=items', 'items-2026-10-05.csv'],
    ['from=2026-01-01&to=2026-12-31&status=PAID%20out', 'orders-2026-paid-out.csv'],
    ['from=2026-10-02&to=2026-10-31', 'orders-2026-10-02-to-2026-10-31.csv'],
    ['to=2026-10-31&min=5&max=7.50', 'orders-until-2026-10-31-from-5-to-7.50.csv'],
    ['q=a%2F..%22%0d%0a', 'orders-search-a.csv'],
  ])('of %j is called %s', async (query, name) => {
    const { headers } = await admin.get(`/admin/orders.csv?${query}`);
    expect(headers?.['content-disposition']).toBe(`attachment; filename="${name}"`);
  });

  it('is called by words of any script', async () => {
    const { headers } = await admin.get(`/admin/orders.csv?q=${encodeURIComponent('чай')}`);
    expect(headers?.['content-disposition']).toBe(
      `attachment; filename="orders-search-___.csv"; filename*=UTF-8''orders-search-%D1%87%D0%B0%D0%B9.csv`,
    );
  });

  it('says what it comes to, and what the page says of the same orders', async () => {
    const { headers } = await admin.get('/admin/orders.csv?of=items');
    expect(headers).toMatchObject({
      'exported-orders': '2',
      'exported-rows': '4',
      'exported-total': '2498.50',
      'found-orders': '2',
      'found-total': '2498.50',
    });
    const page = await admin.get('/admin/orders');
    expect(visibleText(page.body)).toContain('2 orders · 2,498.50');
  });

  it('is offered by the page in each form, with the command that has no end', async () => {
    const { body } = await admin.get('/admin/orders?from=2025-11-01&to=2025-11-30');
    expect(visibleText(body)).toContain(
      "npm run -s admin -- export --format csv --filter 'from=2025-11-01&to=2025-11-30' > orders-2025-11.csv",
    );
    expect(body).toContain('<input type="hidden" name="from" value="2025-11-01">');
    expect(visibleText(body)).not.toContain('may be too many');
  });

  it.each([
    ['--data /shop', ' --data /shop', false],
    [`--data '/it'\\''s a чай'`, ` --data '/it'\\''s a чай'`, false],
    ['--stage production --profile shop', ' --stage production --profile shop', false],
    ['', '', true],
    ['--data /shop; rm -rf', '', true],
    ['--data /shop --token x', '', true],
    [`--data 'a\nb'`, '', true],
    ['%', '', true],
  ])('names in the command what the admin proxy stands before: %j', async (sent, named, isToldOf) => {
    const header = sent === '%' ? sent : encodeURIComponent(sent);
    const { body } = await admin.get('/admin/orders?min=1', { headers: { [CHOSEN_BY]: header } });
    const text = visibleText(body);
    expect(text).toContain(`--format csv --filter 'min=1'${named} > orders-from-1.csv`);
    expect(text.includes('With --stage for a deployed stage')).toBe(isToldOf);
  });

  it.each([
    ['delimiter=tab', 'Must be one of comma, semicolon.'],
    ['of=sellers', 'Must be one of orders, items.'],
    ['limit=0', 'Must be a whole number from 1 to 999999.'],
    ['after=x', 'The address of this page is not complete'],
    ['after=2025-11-12T10:00:00.000000Z_1_0', 'The address of this page is not complete'],
    ['statuss=paid', 'There is no filter called “statuss”.'],
    ['q=a&q=b', 'Must come only once.'],
    ['of=items&of=orders', 'Must come only once.'],
    ['delimiter=comma&delimiter=semicolon', 'Must come only once.'],
    ['limit=1&limit=2', 'Must come only once.'],
    ['of=items&after=2025-11-12T10:00:00.000000Z_1_1&after=x', 'Must come only once.'],
    ['q=%F0%9F', 'Has bytes that are not UTF-8: send UTF-8.'],
  ])('refuses %s', async (query, message) => {
    const { statusCode, body } = await admin.get(`/admin/orders.csv?${query}`);
    expect([statusCode, body]).toEqual([400, expect.stringContaining(message)]);
  });

  it('refuses a program in its own language', async () => {
    const fields = { headers: { accept: 'application/problem+json' } };
    const { statusCode, headers, body } = await admin.get('/admin/orders.csv?of=x&to=x', fields);
    expect([statusCode, headers?.['content-type']]).toEqual([400, 'application/problem+json']);
    expect(JSON.parse(body).errors).toEqual([
      { pointer: '?to', code: 'invalid', detail: 'Must be a day such as 2025-11-12.' },
      { pointer: '?of', code: 'invalid', detail: 'Must be one of orders, items.' },
    ]);
  });

  it('leaves nothing that a spreadsheet takes for a formula', async () => {
    const { body } = await admin.get('/admin/orders.csv?to=2025-06-01');
    expect(body).toContain(
      `"'-2+3","'=HYPERLINK(""http://evil"")",2025-01-01 00:00:00,"'@SUM(A1)",2,-1.50`,
    );
  });

  it('holds orders of the longest texts, more than one call of the Data API brings', async () => {
    const seller = '🫖'.repeat(50);
    await admin.pg.query('INSERT INTO users (username) VALUES ($1)', [seller]);
    await admin.pg.query(
      `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
       SELECT id, rpad(n::text, 50, '🫖'), '2023-01-01', -9999999999.99, repeat('🫖', 20), ''
       FROM users, generate_series(1, 2500) AS n WHERE username = $1`,
      [seller],
    );
    const { statusCode, body } = await admin.get('/admin/orders.csv?to=2023-12-31');
    expect([statusCode, body.trimEnd().split('\r\n').length]).toEqual([200, 2_501]);
  });

  it('is cut to what one answer may hold, and leads to the rest', async () => {
    await admin.pg.query(
      `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
       SELECT id, rpad('n' || n, 50, 'ы'), '2024-01-01', 1, 'bulk', ''
       FROM users, generate_series(1, 40000) AS n WHERE username LIKE '=%'`,
    );
    await admin.pg.query(
      `INSERT INTO daily_order_stats SELECT id, '2024-01-01', 'bulk', 40000, 40000
       FROM users WHERE username LIKE '=%'`,
    );
    await admin.pg.query('ANALYZE');
    const page = await admin.get('/admin/orders?status=bulk');
    expect(visibleText(page.body)).toContain('These may be too many for one file');
    for (const few of ['q=n40', 'q=n4000']) {
      const { body } = await admin.get(`/admin/orders?${few}`);
      expect(visibleText(body)).toContain('A file holds some 70,000 orders');
    }
    const files = await allFiles('/admin/orders.csv?status=bulk&delimiter=semicolon');
    for (const [i, { lines, name, bytes }] of files.entries()) {
      expect(lines.filter((line) => !line.includes(';"bulk";0;1,00;'))).toEqual([]);
      expect(bytes).toBeLessThan(6_000_000);
      const isLast = i === files.length - 1;
      if (!isLast) expect(bytes).toBeGreaterThan(MAX_EXPORT_BYTES - 1_000);
      const first = isLast ? '' : `-first-${lines.length}`;
      expect(name).toBe(`attachment; filename="orders-bulk${first}.csv"`);
    }
    expect([files.length, new Set(files.flatMap(({ lines }) => lines)).size]).toEqual([2, 40_000]);
  });

  it('has as many orders as it is told, and every order and line once', async () => {
    const many = Array.from({ length: 23 }, (_, i) =>
      order({
        order_number: `L-${i}`,
        created_at: '2022-05-01T00:00:00.000000Z',
        total_amount: '0.10',
        items: Array.from({ length: i === 11 ? 1_200 : i % 4 }, (_, line) =>
          item({ sku: `${i}-${line}` }),
        ),
      }),
    );
    await uploadOrders(admin.db, 'limited', many);
    const filter = 'to=2022-12-31&sort=highest';
    for (const of of ['orders', 'items']) {
      const files = await allFiles(`/admin/orders.csv?${filter}&of=${of}&limit=10`);
      expect(files.map(({ orders }) => orders)).toEqual(['10', '10', '3']);
      const lines = files.flatMap((file) => file.lines);
      const expected =
        of === 'orders' ? 23 : many.reduce((sum, { items }) => sum + items.length, 0);
      expect([lines.length, new Set(lines).size]).toEqual([expected, expected]);
    }
  });

  it('goes on in the midst of an order whose items are more than an answer holds', async () => {
    await uploadOrders(admin.db, 'large', [
      order({ order_number: 'before', created_at: '2021-01-03T00:00:00.000000Z' }),
      order({ order_number: 'huge', created_at: '2021-01-02T00:00:00.000000Z', items: [] }),
      order({ order_number: 'after', created_at: '2021-01-01T00:00:00.000000Z' }),
    ]);
    await admin.pg.query(
      `INSERT INTO order_items SELECT id, n, n::text, repeat('ы', 255), 1, 1
       FROM orders, generate_series(1, 13000) AS n WHERE order_number = 'huge'`,
    );
    const files = await allFiles('/admin/orders.csv?to=2021-12-31&of=items');
    expect(files.map(({ orders }) => orders)).toEqual(['2', '1']);
    const lines = files.flatMap((file) => file.lines);
    expect([lines.length, new Set(lines).size]).toEqual([13_004, 13_004]);
    expect(lines.at(0)).toContain('"before"');
    expect(lines.at(-1)).toContain('"after"');
  });
});

/** An export with all that it leads to: the lines of each file after its head, and what it is. */
async function allFiles(first: string) {
  const files = [];
  for (let address: string | undefined = first; address; ) {
    const { statusCode, headers = {}, body }: Answer = await admin.get(address);
    expect([address, statusCode]).toEqual([address, 200]);
    files.push({
      lines: body.trimEnd().split('\r\n').slice(1),
      name: headers['content-disposition'],
      orders: headers['exported-orders'],
      bytes: Buffer.byteLength(JSON.stringify(body)),
    });
    address = /^<([^>]+)>; rel="next"$/.exec(String(headers.link))?.[1];
  }
  return files;
}
