import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ExportArguments } from '../../../../cli/admin/export/arguments.ts';
import {
  ExportStoppedError,
  exportAll,
  findByNow,
  type Written,
} from '../../../../cli/admin/export/export.ts';
import { readFilter } from '../../../../cli/admin/export/filter.ts';
import { restText, summaryText } from '../../../../cli/admin/export/texts.ts';
import { UsageError } from '../../../../cli/usage-error.ts';
import { uploadOrders } from '../../../../db/uploads/upload-orders.ts';
import type { Listening } from '../../../../local/aws/loopback.ts';
import { startGateway } from '../../../../local/gateway/gateway.ts';
import { type AdminPages, openAdmin } from '../../../functions/admin/pages.ts';
import { lambdaContext } from '../../../helpers/events.ts';
import { orders } from '../../../helpers/orders.ts';
import { httpApi, route } from '../../../local/gateway/api.ts';

let admin: AdminPages;
let gateway: Listening;
/** What happens to requests, one after the other, before the admin answers them. */
let failures: (() => unknown)[] = [];
let asked: APIGatewayProxyEventV2[] = [];

beforeAll(async () => {
  admin = await openAdmin();
  const { handler } = await import('../../../../functions/admin/handler.ts');
  await uploadOrders(admin.db, 'somebody', orders(120, 'E-', { total_amount: '0.10' }));
  await uploadOrders(admin.db, 'else', orders(3, 'O-'));
  gateway = await startGateway({
    api: httpApi(route('GET /admin/{proxy+}', { type: 'AWS_IAM' })),
    invoke: async (_fn, event) => {
      const { rawQueryString } = event as APIGatewayProxyEventV2;
      asked.push(event as APIGatewayProxyEventV2);
      const failed = failures.shift()?.();
      // Smaller parts than the command's, so that there are some.
      const small = rawQueryString.replace('limit=10000', 'limit=50');
      const answer =
        failed ??
        (await handler({ ...(event as object), rawQueryString: small } as never, lambdaContext()));
      return { ok: true, json: JSON.stringify(answer), maxRssBytes: 0, cpuMs: 0 };
    },
  });
});
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await admin.drop();
});
beforeEach(() => {
  [failures, asked] = [[], []];
});

const target = () => ({
  origin: gateway.endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  title: 'the test',
});

const all = (fields: Partial<ExportArguments> = {}): ExportArguments => ({
  format: 'csv',
  delimiter: 'comma',
  filter: new URLSearchParams(),
  rows: 'orders',
  after: undefined,
  ...fields,
});

/** An export with what it writes, reports and waits. */
async function run(given: ExportArguments, onReport: (written: Written) => void = () => {}) {
  const controller = new AbortController();
  const texts: string[] = [];
  const pausesMs: number[] = [];
  const options = {
    write: async (text: string) => {
      texts.push(text);
    },
    report: onReport,
    signal: controller.signal,
    wait: async (ms: number) => {
      pausesMs.push(ms);
    },
  };
  const ended = await exportAll(target(), given, options).catch((error: unknown) => error);
  return { ended: ended as Written, texts, file: texts.join(''), pausesMs };
}

const linesOf = (file: string) => file.trimEnd().split(/\r?\n/);

describe('an export', () => {
  it('writes every order once, part by part, under one head', async () => {
    const reports: number[] = [];
    const filter = readFilter('seller=somebody');
    const { ended, texts, file } = await run(all({ filter }), (written) =>
      reports.push(written.orders),
    );
    expect([texts.length, reports]).toEqual([3, [50, 100, 120]]);
    const [head, ...lines] = linesOf(file);
    expect(head).toMatch(/^\ufefforder_number,/);
    expect([lines.length, new Set(lines).size]).toEqual([120, 120]);
    expect(ended).toMatchObject({ orders: 120, total: '12.00', next: undefined });
    expect(ended.found).toEqual({ orders: 120, total: '12.00' });
  });

  it.each([
    ['ndjson', 'orders', 'comma', 123],
    ['ndjson', 'items', 'comma', 246],
    ['csv', 'items', 'semicolon', 247],
  ] as const)('writes %s of %s, parted by %s', async (format, rows, delimiter, lines) => {
    const { ended, file } = await run(all({ format, rows, delimiter }));
    expect(linesOf(file)).toHaveLength(lines);
    expect(ended).toMatchObject({ orders: 123, rows: rows === 'items' ? 246 : 123 });
    if (format === 'ndjson') for (const line of linesOf(file)) JSON.parse(line);
    else expect(linesOf(file).at(-1)).toContain(';1500,00;');
  });

  it('says that its sum is that of the page, or that the page says another by now', async () => {
    const given = all({ filter: readFilter('?seller=somebody') });
    const { ended } = await run(given);
    const options = { signal: new AbortController().signal };
    expect(summaryText(ended, given, await findByNow(target(), given, options))).toBe(
      '120 orders · 12.00 in all, as the page says.',
    );
    await uploadOrders(admin.db, 'somebody', orders(1, 'more-', { total_amount: '1000.00' }));
    expect(summaryText(ended, given, await findByNow(target(), given, options))).toBe(
      '120 orders · 12.00 in all. The page says 121 orders · 1,012.00 by now: orders came, changed or went while this was written.',
    );
    await admin.pg.query("DELETE FROM orders WHERE order_number = 'more-0'");
    expect(summaryText({ ...ended, rows: 1 }, { ...given, rows: 'items' }, {})).toBe(
      '120 orders with 1 item · 12.00 in all.',
    );
  });

  it('says that a search has not looked at all', async () => {
    const given = all({ filter: readFilter('?seller=somebody') });
    const { ended } = await run(given);
    expect(ended.isPart).toBe(false);
    const headers = { 'exported-orders': '1', 'exported-total': '0.10', 'exported-search': 'part' };
    failures = [() => ({ statusCode: 200, headers, body: 'order_number\r\nE-1\r\n' })];
    expect(summaryText((await run(given)).ended, given, {})).toBe(
      '1 order · 0.10 in all. Not all that may have what was searched for was looked at: the page of the same filter says what was left out.',
    );
  });

  it('asks again for a part that failed, and writes it once', async () => {
    failures = [
      () => undefined,
      () => ({ statusCode: 503, headers: {}, body: 'busy' }),
      () => ({ statusCode: 429, headers: {}, body: '{"message":"Too Many Requests"}' }),
    ];
    const { ended, file, pausesMs } = await run(all());
    expect(ended).toMatchObject({ orders: 123, next: undefined });
    expect(new Set(linesOf(file)).size).toBe(124);
    expect(pausesMs).toEqual([500, 1_000]);
  });

  it('stops where a part does not come at all, and goes on there when it is told to', async () => {
    const given = all();
    failures = [() => undefined, ...Array(7).fill(() => ({ statusCode: 500, body: 'broken' }))];
    const { ended: error, file } = await run(given);
    expect(error).toBeInstanceOf(ExportStoppedError);
    const { written, cause } = error as unknown as ExportStoppedError;
    expect(written).toMatchObject({ orders: 50, total: expect.any(String) });
    expect(cause).toMatchObject({ message: '500 broken' });
    const of = { stage: 'production', profile: 'shop' };
    expect(restText(written, given, of)).toMatch(
      /^Stopped after 50 orders; .* The rest: npm run -s admin -- export --format csv --after=\S+ --stage production --profile shop >> FILE$/,
    );
    const rest = await run({ ...given, after: written.next });
    expect(linesOf(file + rest.file)).toHaveLength(124);
    expect(new Set(linesOf(file + rest.file)).size).toBe(124);
  });

  it('takes nothing for orders that does not come from the service', async () => {
    const headers = { 'content-type': 'text/html' };
    failures = [() => ({ statusCode: 200, headers, body: '<html>\nWelcome!\n</html>\n' })];
    const { ended: error, file } = await run(all());
    expect(file).toBe('');
    expect(error).toMatchObject({
      cause: {
        message: expect.stringMatching(
          /^What answers at .* does not answer as this service does: /,
        ),
      },
    });
  });

  it('does not ask again for what is refused, and says why', async () => {
    const { ended, file, pausesMs } = await run(all({ filter: readFilter('statuss=paid') }));
    expect((ended as unknown as Error).cause).toMatchObject({
      message: expect.stringContaining(
        '?unknown There is no filter called “statuss”. Those are q, status, seller, from, to, changed, min, max, sort.',
      ),
    });
    expect([file, pausesMs, asked.length]).toEqual(['', [], 1]);
  });

  it('ends after the part in which it is told to stop', async () => {
    const controller = new AbortController();
    const written = await exportAll(target(), all(), {
      write: async () => {},
      report: () => controller.abort(),
      signal: controller.signal,
      wait: async () => {},
    });
    expect(written).toMatchObject({ orders: 50, next: expect.any(String) });
  });

  it('asks for nothing when it was told to stop before it began', async () => {
    const written = await exportAll(target(), all(), {
      write: async () => {},
      report: () => {},
      signal: AbortSignal.abort(),
      wait: async () => {},
    });
    expect([written.orders, asked]).toEqual([0, []]);
  });
});

describe('the filter of an export', () => {
  it.each([
    ['status=paid&from=2026-10-01', 'status=paid&from=2026-10-01'],
    ['?q=a%20b', 'q=a+b'],
    ['http://admin-x.localhost:1/admin/orders?q=1&after=x&at=51', 'q=1'],
    ['/admin/orders?q=1#main', 'q=1'],
    ['/admin/orders', ''],
    ['q=1#2', 'q=1%232'],
    ['q=/admin/orders', 'q=%2Fadmin%2Forders'],
  ])('is read from %s', (text, query) => {
    expect(String(readFilter(text))).toBe(query);
  });

  it.each([
    ['after=x', '--filter after: it is no filter; where to go on is --after.'],
    ['of=items', '--filter of: it is no filter; a row for each item is --items.'],
    ['/admin/orders?of=items', '--filter of: it is no filter'],
    ['q=1&delimiter=semicolon', '--filter delimiter: it is no filter; semicolons are --excel.'],
    ['limit=5', '--filter limit: it is no filter; all orders that are found are written.'],
    ['before=5_5', '--filter before: it is no filter; all orders that are found are written.'],
    ['at=51', '--filter at: it is no filter'],
    [
      '/admin/sellers?q=x',
      '--filter /admin/sellers?q=x: it is the address of the page of orders, /admin/orders?…, or what is behind its ?.',
    ],
    ['http://localhost/admin/orders.csv?q=x', 'it is the address of the page of orders'],
  ])('is refused when it is %s', (text, sentence) => {
    expect(() => readFilter(text)).toThrow(UsageError);
    expect(() => readFilter(text)).toThrow(sentence);
  });

  it('is refused by the admin where its bytes are no UTF-8', async () => {
    const { ended } = await run(all({ filter: readFilter('seller=%ff') }));
    expect((ended as unknown as Error).cause).toMatchObject({
      message: expect.stringContaining('?seller Has bytes that are not UTF-8: send UTF-8.'),
    });
  });
});
