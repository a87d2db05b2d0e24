import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type pg from 'pg';
import { type Row, table } from '../cli/markdown-table.ts';
import { addDays, dayOf } from '../db/days.ts';
import { addMarketplace, MARKETPLACE_DAYS } from '../fixtures/marketplace.ts';
import { CANCELLED_STATUSES, NIGHTLY_AT } from '../functions/admin/env.ts';
import { localIamArn } from '../local/aws/account.ts';
import { ACTOR, addRecords, KEY_ID } from './admin-records.ts';
import { contextOf, databaseOf } from './function-database.ts';
import { quantile, timeMs } from './measure.ts';
import { serverVersion } from './server-version.ts';
import type { Bench, Figure, Report } from './subject.ts';

const ORDERS = 1_000_000;
const ROUNDS = 100;
const WARM_UP = 10;

/**
 * Every page and every filter of the admin with a million orders and three million items: how long
 * the function takes from its event to its answer, as its own database role, one request at a time.
 */
export async function bench({ folder, print, atEnd, use }: Bench): Promise<Report> {
  const { server, dataApi, db } = await databaseOf('admin', { folder, use, atEnd });
  Object.assign(process.env, {
    [NIGHTLY_AT]: '00:15',
    [CANCELLED_STATUSES]: '["cancelled"]',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  const today = dayOf(Date.now());
  await addMarketplace(db, ORDERS, addDays(today, 1 - MARKETPLACE_DAYS));
  const uploadId = await addRecords(db);

  const { handler } = await import('../functions/admin/handler.ts');
  const calls = () => dataApi.counters.read().ExecuteStatement.calls;
  const figures: (Figure & Row)[] = [];
  for (const [name, address, shows] of await pages(db, uploadId, Number(today.slice(0, 4)) - 1)) {
    const ask = async () => {
      const { statusCode, body } = await handler(event(address), contextOf('admin'));
      if (statusCode !== 200 || !body?.includes(shows)) {
        throw new Error(`${address} answers ${statusCode} without "${shows}".`);
      }
    };
    for (let i = 0; i < WARM_UP; i++) await ask();
    const before = calls();
    const samples: number[] = [];
    for (let i = 0; i < ROUNDS; i++) samples.push(await timeMs(ask));
    figures.push({
      page: name,
      name,
      p50: quantile(samples, 0.5),
      p95: quantile(samples, 0.95),
      calls: (calls() - before) / ROUNDS,
    });
  }
  print(table(figures.map(({ name: _, ...row }) => row)));
  const slowest = Math.max(...figures.map(({ p95 }) => p95));
  print(`\nThe slowest p95 is ${slowest.toFixed(1)} ms.`);
  return {
    postgres: await serverVersion(server.url()),
    rowCounts: { orders: ORDERS, items: 3 * ORDERS },
    unit: 'ms',
    figures,
  };
}

/**
 * Every page with its address and a text that shows that it is the right one.
 *
 * @param year one of which every day has orders
 */
async function pages(
  db: pg.Client,
  uploadId: string,
  year: number,
): Promise<[name: string, address: string, shows: string][]> {
  const at = async (column: 'created_at' | 'total_amount', where = '') => {
    const { rows } = await db.query<{ key: string }>(
      `SELECT ${column === 'total_amount' ? column : `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`}
         || '_' || id AS key
       FROM orders ${where} ORDER BY ${column} DESC, id DESC OFFSET ${50 * 999 - 1} LIMIT 1`,
    );
    return encodeURIComponent(rows[0]?.key ?? '');
  };
  const { rows } = await db.query<{ order_number: string }>(
    'SELECT order_number FROM orders WHERE id = 500000',
  );
  const number = rows[0]?.order_number ?? '';
  const deepCreated = await at('created_at');
  const deepTotal = await at('total_amount');
  const q = (text: string) => `q=${encodeURIComponent(text)}`;
  const lists: [string, string, string?][] = [
    ['newest', ''],
    ['newest, page 1,000', `after=${deepCreated}`],
    ['newest, back from page 1,000', `before=${deepCreated}`],
    ['oldest', 'sort=oldest'],
    ['highest', 'sort=highest'],
    ['highest, page 1,000', `sort=highest&after=${deepTotal}`],
    ['lowest', 'sort=lowest'],
    ['a year', `from=${year}-01-01&to=${year}-12-31`],
    ['a month', `from=${year}-06-01&to=${year}-06-30`],
    ['a day', `from=${year}-06-15&to=${year}-06-15`],
    ['a day, highest', `from=${year}-06-15&to=${year}-06-15&sort=highest`],
    ['a year, highest', `from=${year}-01-01&to=${year}-12-31&sort=highest`],
    ['status of 80 %', 'status=delivered'],
    [
      'status of 80 %, page 1,000',
      `status=delivered&after=${await at('created_at', `WHERE status = 'delivered'`)}`,
    ],
    ['status of 3 %', 'status=new'],
    ['status of 0.9 %', 'status=cancelled'],
    ['status of 0.9 %, highest', 'status=cancelled&sort=highest'],
    ['status of 0.1 %', 'status=returned'],
    ['status of 0.1 %, highest', 'status=returned&sort=highest'],
    ['two statuses, in another case', 'status=RETURNED&status=new'],
    ['last changed', 'sort=changed'],
    ['longest unchanged', 'sort=unchanged'],
    ['changed since, newest', `changed=${year}-06-01`],
    ['seller of 10 %, last changed', 'seller=seller-1&sort=changed'],
    ['status of 20 orders', 'status=lost'],
    ['unknown status', 'status=nothing', 'No orders match'],
    ['seller of 10 %', 'seller=seller-1'],
    [
      'seller of 10 %, page 1,000',
      `seller=seller-1&after=${await at('created_at', 'WHERE user_id = 1')}`,
    ],
    ['seller of 10 %, highest', 'seller=seller-1&sort=highest'],
    ['seller of 10 %, status of 0.1 %', 'seller=seller-1&status=returned'],
    ['seller of 0.03 %', 'seller=seller-999'],
    ['seller of 0.03 %, highest', 'seller=seller-999&sort=highest'],
    ['amount from, 1 %', 'min=10200'],
    ['amount from and to, 0.1 %', 'min=5000&max=5036'],
    ['amount to, 60 %', 'max=700'],
    ['amount from, status of 0.1 %', 'min=5000&status=returned'],
    ['order number', q(number)],
    ['beginning of 0.1 % of numbers', q('N-0500')],
    ['beginning of all numbers', q('n-')],
    ['beginning of all numbers, highest', `${q('n-')}&sort=highest`],
    ['name of a seller', q('seller-500')],
    ['SKU of 70 orders', q('sku-19777')],
    ['beginning of some 10 SKUs', q('модель-777')],
    ['beginning of some 100 SKUs', q('модель-20')],
    ['one letter, as a word', q('модель-2')],
    ['one more letter', q('модель-0')],
    ['word in 150,000 orders', q('чай')],
    ['word in 580,000 orders', q('Premium')],
    ['words in 10,000 orders', q('чай зелёный')],
    ['word in 150,000 orders, highest', `${q('чай')}&sort=highest`],
    [
      'beginning of some 100 SKUs, a month',
      `${q('модель-20')}&from=${year}-06-01&to=${year}-06-30`,
    ],
    ['word in 150,000 orders, status of 3 %', `${q('чай')}&status=new`],
    ['word that nothing has', q('антиквариат'), 'No orders match'],
    ['word nearly as another', q('самовр'), 'Search for'],
    ['beginning of a word', q('сам')],
    ['beginnings that never meet', q('самовар чаш'), 'No orders match'],
    ['words that never meet', q('чай самовар'), 'No orders match'],
    ['words never side by side', q('модель-чай'), 'No orders match'],
    ['end of a number', q(number.slice(-5))],
    ['id of no key', q('abcdefabcdef'), 'No orders match'],
  ];
  return [
    ...lists.map(([name, query, shows = 'role="rowheader"']): [string, string, string] => [
      `orders: ${name}`,
      `/admin/orders?${query}`,
      shows,
    ]),
    ['overview', '/admin', 'Last 30 days'],
    ['sellers, most revenue first', '/admin/sellers', 'Next →'],
    ['sellers of 90 days', '/admin/sellers?days=90', 'Next →'],
    ['sellers by name', '/admin/sellers?sort=name', 'Next →'],
    ['sellers found', '/admin/sellers?q=seller-50', 'seller-500'],
    ['order', `/admin/orders/${number}`, 'Total of the order'],
    ['seller of 10 %', '/admin/sellers/seller-1', 'By status'],
    ['seller of 0.03 %', '/admin/sellers/seller-999', 'By status'],
    ['nightly runs', '/admin/runs', ''],
    ['uploads, and refused ones', '/admin/uploads', KEY_ID],
    ['uploads of a seller of 10 %', '/admin/uploads?seller=seller-1', KEY_ID],
    ['upload', `/admin/uploads/${uploadId}`, KEY_ID],
    ['keys', '/admin/keys', 'shop 1'],
    ['audit log', '/admin/audit', ACTOR],
  ];
}

function event(address: string): APIGatewayProxyEventV2 {
  const [path = '', query = ''] = address.split('?');
  const authorizer = { iam: { userArn: localIamArn('user/bench') } };
  return {
    version: '2.0',
    routeKey: 'GET /admin/{proxy+}',
    rawPath: decodeURIComponent(path),
    rawQueryString: query,
    headers: {},
    isBase64Encoded: false,
    requestContext: {
      domainName: 'localhost',
      http: { method: 'GET', path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: '' },
      requestId: 'bench',
      authorizer,
    },
  } as unknown as APIGatewayProxyEventV2;
}
