import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../helpers/free-port.ts';
import { rollUpDifferences } from '../../helpers/orders.ts';
import { temporaryFolder } from '../../helpers/temporary-folder.ts';
import { useUploadCommand } from './upload-command.ts';

const folder = temporaryFolder();
const { run, proxy, db, key } = useUploadCommand(folder);

function write(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return name;
}

const readBack = (name: string) => readFileSync(join(folder, name), 'utf8');

const order = (order_number: string, fields: object = {}) => ({
  order_number,
  created_at: '2025-11-12T10:00:00Z',
  total_amount: '12.34',
  status: 'paid',
  items: [{ sku: 's', name: 'n', quantity: 1, price: '12.34' }],
  ...fields,
});

const lines = (orders: readonly object[]) =>
  orders.map((one) => `${JSON.stringify(one)}\n`).join('');
const numbered = (count: number) => Array.from({ length: count }, (_, i) => order(`${i}`));

async function stored(): Promise<string> {
  const { rows } = await db().query(
    `SELECT count(*) || ' ' || coalesce(sum(total_amount), 0) AS all FROM orders`,
  );
  return rows[0].all;
}

const uploadsCount = async () => (await db().query('SELECT FROM uploads')).rowCount;

describe('order-analytics upload', () => {
  it('stores a file, says so, and sends nothing of it again', async () => {
    const file = write('whole.ndjson', lines(numbered(50)));
    const first = await run([file, '--json', '--chunk-kib', '4']);
    expect(first).toMatchObject({ code: 0 });
    expect(JSON.parse(first.stdout)).toEqual({
      user: 'test_seller',
      orders_created: 50,
      orders_updated: 0,
      orders_unchanged: 0,
      orders_stale: 0,
      rejected: 0,
      total_amount: '617.00',
      rejected_files: [],
      orders_count: 50,
      total_revenue: '617.00',
      as_expected: true,
      sent_before: 0,
      dry_run: false,
    });
    expect(first.stderr).toMatch(/^100 %, \d+ orders, /m);
    const uploads = await uploadsCount();
    expect(uploads).toBeGreaterThan(1);
    const again = await run([file, '--chunk-kib', '4']);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stderr).toContain('goes on after 50 orders');
    expect(again.stdout).toContain('They have grown by just that.');
    expect(await uploadsCount()).toBe(uploads);
    const anew = await run([file, '--again', '--json']);
    expect(JSON.parse(anew.stdout)).toMatchObject({ orders_unchanged: 50, as_expected: null });
  });

  it.each([
    ['the figures are asked for', 2, '0 0'],
    ['it is sent', 3, '1 12.34'],
  ])('says that a file has grown while %s, and sends nothing of that', async (_, growsAt, all) => {
    const file = write('grows.ndjson', lines([order('before')]));
    let requests = 0;
    proxy().onRequest = () => {
      requests += 1;
      if (requests === growsAt) appendFileSync(join(folder, file), lines([order('grown')]));
    };
    const { code, stderr } = await run([file]);
    proxy().onRequest = () => {};
    const told = 'grows.ndjson has changed meanwhile: send it again when it is complete.';
    expect([code, stderr]).toEqual([2, expect.stringContaining(told)]);
    expect(await stored()).toBe(all);
    expect(await run([file])).toMatchObject({ code: 0 });
    expect(await stored()).toBe('2 24.68');
  });

  it('gives back what is refused, and takes it as it is when it is corrected', async () => {
    const bad = [order('3', { total_amount: '1,50' }), order('4', { status: '' })];
    const file = write('some.ndjson', lines([...numbered(3), ...bad, order('5')]));
    const { code, stdout } = await run([file]);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining('2 refused: some.ndjson.rejected.ndjson'),
    ]);
    expect(await stored()).toBe('4 49.36');
    const [first = '', second = ''] = readBack('some.ndjson.rejected.ndjson').trimEnd().split('\n');
    expect(JSON.parse(first)).toEqual({
      ...bad[0],
      rejected: {
        line: 4,
        column: 1,
        errors: [
          {
            code: 'invalid_amount',
            detail: expect.any(String),
            field: 'total_amount',
            value: '1,50',
          },
        ],
      },
    });
    const corrected = `${first.replace('"1,50"', '"1.50"')}\n${second.replace('"status":""', '"status":"paid"')}\n`;
    write('some.ndjson.rejected.ndjson', corrected);
    expect(await run(['some.ndjson.rejected.ndjson'])).toMatchObject({ code: 0 });
    expect(await stored()).toBe('6 63.20');
    const done = await run([file, '--json']); // which sends nothing, and has not sent those
    expect([done.code, JSON.parse(done.stdout)]).toMatchObject([1, { as_expected: null }]);
    const again = await run([file, '--again']);
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('were refused before'),
    });
    expect(readBack('some.ndjson.rejected.ndjson')).toBe(corrected);
  });

  it('gives back rows of CSV in the form in which they came', async () => {
    const rows = [
      'Номер;Дата;Статус;Сумма;Артикул;Номенклатура;Количество;Цена',
      '1;12.11.2025 10:00:00;Оплачен;5,00;ч;Чай;1;2,00',
      '1;12.11.2025 10:00:00;Оплачен;5,00;к;"Кофе;\n""чёрный""";1;3,00',
      '2;12.11.2025 10:00:00;;7,00;ч;Чай;1;7,00',
      '3;завтра;Оплачен;9,00;ч;Чай;1;9,00',
      '4;12.11.2025 10:00:00;Оплачен;1,00;ч;Чай;1;1,00',
    ];
    const encoded = (content: string) => {
      const bytes = [...content].map((one) => {
        const code = one.codePointAt(0) ?? 0;
        return one === 'ё' ? 0xb8 : code < 0x80 ? code : code - 0x410 + 0xc0;
      });
      return Buffer.from(bytes);
    };
    const file = write('rows.csv', encoded(`${rows.join('\n')}\n`));
    const options = ['--preset', '1c', '--time-zone', 'Europe/Moscow'];
    const first = await run([file, ...options]);
    expect(first).toMatchObject({ code: 1 });
    expect(first.stderr).toContain('order_number  Номер');
    expect(first.stderr).toContain('4 orders, of which 1 cannot be sent');
    expect(await stored()).toBe('2 6.00');
    const bytes = readFileSync(join(folder, 'rows.csv.rejected.csv'));
    const rejected = new TextDecoder('windows-1251').decode(bytes);
    const back = rejected.trimEnd().split('\n');
    expect(back[0]).toBe(`${rows[0]};"rejected_line";"rejected_because"`);
    expect(
      back
        .slice(1)
        .map((row) => row.slice(0, 9))
        .sort(),
    ).toEqual(['2;12.11.2', '3;завтра;']);
    expect(rejected).toContain('"5";"status: ');
    write(
      'rows.csv.rejected.csv',
      encoded(rejected.replace(';;7,00', ';Оплачен;7,00').replace('завтра', '13.11.2025 0:00:00')),
    );
    expect(await run(['rows.csv.rejected.csv', ...options])).toMatchObject({ code: 0 });
    expect(await stored()).toBe('4 22.00');
  });

  it('checks everything first, and sends nothing when an order is refused', async () => {
    const file = write(
      'check.json',
      JSON.stringify({ orders: [order('1'), order('2', { created_at: 'today' })] }),
    );
    const { code, stderr } = await run([file, '--check']);
    expect(code).toBe(1);
    expect(stderr).toContain('check.json:1:');
    expect(stderr).toContain('(invalid_date_time)');
    expect(await stored()).toBe('0 0');
    const good = write('good.json', JSON.stringify([order('1')]));
    expect(await run([good, '--dry-run'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 order would be taken'),
    });
    expect(await stored()).toBe('0 0');
    expect(await run([good, '--check'])).toMatchObject({ code: 0 });
    expect(await stored()).toBe('1 12.34');
  });

  it('has stored all of a file once, however often it was killed and stopped', async () => {
    const orders = numbered(600).map((one, i) => (i % 80 === 7 ? { ...one, status: '' } : one));
    const file = write('killed.ndjson', lines(orders));
    const args = [file, '--chunk-kib', '4'];
    for (const [requests, signal] of [
      [4, 'SIGKILL'],
      [9, 'SIGINT'],
      [6, 'SIGKILL'],
      [15, 'SIGKILL'],
    ] as const) {
      let count = 0;
      const ended = await run(args, {
        begun: (child) => {
          proxy().onRequest = () => {
            count += 1;
            if (count === requests) child.kill(signal);
          };
        },
      });
      expect(ended).toMatchObject(signal === 'SIGINT' ? { code: 130 } : { signal });
    }
    proxy().onRequest = () => {};
    const last = await run([...args, '--json']);
    expect(JSON.parse(last.stdout)).toMatchObject({
      orders_created: 592,
      rejected: 8,
      as_expected: true,
    });
    expect(await stored()).toBe(`592 ${(592 * 12.34).toFixed(2)}`);
    expect(await rollUpDifferences(db())).toEqual([]);
    const rejected = readBack('killed.ndjson.rejected.ndjson').trimEnd().split('\n');
    const numbers = rejected.map((line) => Number(JSON.parse(line).order_number));
    expect(numbers.sort((a, b) => a - b)).toEqual([7, 87, 167, 247, 327, 407, 487, 567]);
  });

  it('keeps the later of two states of an order, in whatever chunk they are', async () => {
    const states = Array.from({ length: 30 }, (_, i) => order(`${i % 10}`, { status: `s${i}` }));
    const file = write('states.ndjson', lines(states));
    expect(await run([file, '--chunk-kib', '1'])).toMatchObject({ code: 0 });
    const { rows } = await db().query('SELECT status FROM orders ORDER BY order_number');
    expect(rows.map(({ status }) => status)).toEqual(states.slice(20).map(({ status }) => status));
  });

  it('leaves an order as it comes last, also where that is as it came first', async () => {
    const states = ['new', 'paid', 'new'].map((status) => order('1', { status }));
    const file = write('there-and-back.ndjson', lines(states));
    const { code, stdout } = await run([file, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ orders_created: 1, orders_updated: 2 });
    const { rows } = await db().query('SELECT status FROM orders');
    expect(rows).toEqual([{ status: 'new' }]);
  });

  it('reads standard input', async () => {
    expect(await run(['-'], { input: lines(numbered(2)) })).toMatchObject({ code: 0 });
    expect(await stored()).toBe('2 24.68');
  });

  it.each([
    ['a key that is none', ['whole.ndjson'], { ORDER_ANALYTICS_KEY: 'oa_test_none' }, 4, '401'],
    ['no key', ['whole.ndjson'], { ORDER_ANALYTICS_KEY: '' }, 2, 'ORDER_ANALYTICS_KEY'],
    ['a file that is not there', ['none.json'], {}, 2, 'none.json'],
    ['an option that is none', ['whole.ndjson', '--chek'], {}, 2, '--chek'],
    ['an address that is none', ['whole.ndjson', '--url', '127.0.0.1:80'], {}, 2, 'as https://'],
    [
      'a file of something else',
      ['whole.ndjson', 'else.json'],
      {},
      2,
      'else.json: This is no JSON',
    ],
    ['columns that are not known', ['odd.csv'], {}, 2, 'odd.csv: It is not known'],
  ])('ends with a number and what is the matter: %s', async (_what, args, env, code, words) => {
    write('else.json', 'hello');
    write('odd.csv', 'A,B\n1,2\n');
    const ended = await run(args, { env });
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(words)]);
    expect(ended.stderr).not.toContain('    at '); // no stack
  });

  it('says where it has asked when nobody or something else answers there', async () => {
    const file = write('asked.ndjson', lines(numbered(1)));
    const path = `${proxy().endpoint}/api/orders/upload`;
    const elsewhere = await run([file, '--url', path]);
    expect([elsewhere.code, elsewhere.stderr]).toEqual([2, expect.stringContaining(path)]);
    const nowhere = `127.0.0.1:${await freePort()}`;
    const unanswered = await run([file, '--url', `http://${nowhere}`]);
    expect(unanswered.code).toBe(4);
    expect(unanswered.stderr).toContain(`connect ECONNREFUSED ${nowhere}`);
  });

  it('leaves the key nowhere', async () => {
    const file = write('secret.ndjson', lines([order('1'), order('2', { status: '' })]));
    const { stdout, stderr } = await run([file]);
    const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
    expect(existsSync(join(folder, 'secret.ndjson.journal'))).toBe(true);
    expect([stdout, stderr, ...files].join('\n')).not.toContain(key());
  });
});
