import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../../db/uploads/upload-orders.ts';
import { CSV_FORMATS, cell, csvLine } from '../../../../functions/admin/orders/csv.ts';
import { MAX_EXPORT_BYTES } from '../../../../functions/admin/orders/export.ts';
import { order } from '../../../helpers/orders.ts';
import { type AdminPages, type Answer, linkTo, openAdmin, visibleText } from '../pages.ts';

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
    expect(headers).not.toHaveProperty('link');
    expect(body).toBe(
      '\ufefforder_number,seller,created_at_utc,status,items_count,total_amount\r\n' +
        `"1","'=HYPERLINK(""http://evil"")",2025-11-12 10:00:00,"оплачен, ""да""",2,2500.00\r\n`,
    );
  });

  it('is parted by semicolons, with decimal commas, where that is what Excel reads', async () => {
    const page = await admin.get('/admin/orders?sort=oldest&from=2025-11-01');
    const { body } = await admin.get(linkTo(page, 'CSV, decimal comma'));
    expect(body).toBe(
      '\ufefforder_number;seller;created_at_utc;status;items_count;total_amount\r\n' +
        `"1";"'=HYPERLINK(""http://evil"")";2025-11-12 10:00:00;"оплачен, ""да""";2;2500,00\r\n`,
    );
  });

  it('refuses another delimiter', async () => {
    const { statusCode, body } = await admin.get('/admin/orders.csv?delimiter=tab');
    expect([statusCode, body]).toEqual([400, expect.stringContaining('one of comma, semicolon')]);
  });

  it('leaves nothing that a spreadsheet takes for a formula', async () => {
    const { body } = await admin.get('/admin/orders.csv?to=2025-06-01');
    expect(body).toContain(
      `"'-2+3","'=HYPERLINK(""http://evil"")",2025-01-01 00:00:00,"'@SUM(A1)",2,-1.50`,
    );
  });

  it.each(['=1', '+1', '-1', '@a', ' =1', '\t1', '＝1', '%0', '|x'])('disarms %j', (text) => {
    expect(cell(text)).toBe(`"'${text}"`);
  });

  it.each([
    ['a;=1+1;', "a;'=1+1;"],
    ['a\t+1', "a\t'+1"],
    ['a|@x', "a|'@x"],
    ['a,-1', "a,'-1"],
    ['a\r\n=1', "a\r'\n'=1"],
    ['\r=1', "'\r'=1"],
    ['a; "=1', `a;' ""=1`],
    ['a-b=c@d+e', 'a-b=c@d+e'],
    ['T-1, 2; x', 'T-1, 2; x'],
  ])('disarms what begins a cell for another reader: %j', (text, safe) => {
    expect(cell(text)).toBe(`"${safe}"`);
  });

  it('has no cell that is a formula, by whichever delimiter it is read', () => {
    const mark = fc.constantFrom(...'=+-@|%＝,;\t\r\n"\' 1a\u200b\u00a0');
    const text = fc.string({ unit: mark, maxLength: 12 });
    const anyOrder = fc.record({ order_number: text, seller: text, status: text });
    fc.assert(
      fc.property(
        fc.array(anyOrder, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...Object.values(CSV_FORMATS)),
        fc.constantFrom(',', ';', '\t', '|'),
        (orders, format, delimiter) => {
          const others = { created_at: '2025-11-12 10:00:00', items_count: 2 };
          const lines = orders.map((one) =>
            csvLine({ ...one, ...others, total_amount: '-1.50' }, format),
          );
          const isFormula = (value: string) =>
            /^[\s\p{C}]*[=+\-@|%＝]/u.test(value) && !/^-1([.,]50)?$/.test(value);
          expect(cellsOf(lines.join(''), delimiter).filter(isFormula)).toEqual([]);
        },
      ),
      { numRuns: 3_000 },
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

  it('is cut to what one answer may hold, and leads to the rest', {
    timeout: 120_000,
  }, async () => {
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
    expect(visibleText(page.body)).toContain('its name says how many it has');
    const orderLines = new Set<string>();
    let address: string | undefined = '/admin/orders.csv?status=bulk&delimiter=semicolon';
    let files = 0;
    while (address) {
      const answer: Answer = await admin.get(address);
      const lines = answer.body.trimEnd().split('\r\n').slice(1);
      expect(lines.filter((line) => !line.includes(';"bulk";0;1,00'))).toEqual([]);
      for (const line of lines) orderLines.add(line);
      files += 1;
      const bytes = Buffer.byteLength(JSON.stringify(answer.body));
      expect(bytes).toBeLessThan(6_000_000);
      address = /^<([^>]+)>; rel="next"$/.exec(String(answer.headers?.link))?.[1];
      if (address) expect(bytes).toBeGreaterThan(MAX_EXPORT_BYTES - 1_000);
      expect(answer.headers?.['content-disposition']).toBe(
        `attachment; filename="${address ? `orders-first-${lines.length}` : 'orders'}.csv"`,
      );
    }
    expect([files, orderLines.size]).toEqual([2, 40_000]);
  });
});

/**
 * The cells that a reader sees who parts them so: lenient, as spreadsheets are,
 * where quotes are amiss.
 */
function cellsOf(csv: string, delimiter: string): string[] {
  const cells = [''];
  let isQuoted = false;
  const add = (mark: string) => {
    cells[cells.length - 1] += mark;
  };
  for (let i = 0; i < csv.length; i++) {
    const mark = csv[i] ?? '';
    if (isQuoted && mark === '"' && csv[i + 1] === '"') add(csv[i++] ?? '');
    else if (mark === '"' && (isQuoted || cells.at(-1) === '')) isQuoted = !isQuoted;
    else if (!isQuoted && [delimiter, '\r', '\n'].includes(mark)) cells.push('');
    else add(mark);
  }
  return cells;
}
