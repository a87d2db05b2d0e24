import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { emptyTables, SELLERS } from '../../helpers/empty-tables.ts';
import { uploadEvent } from '../../helpers/events.ts';
import { type HoldingProxy, startHoldingProxy } from '../../helpers/holding-proxy.ts';
import { item, order, orders } from '../../helpers/orders.ts';
import { type Send, uploadClient } from './client.ts';

let test: TestDatabase;
let proxy: HoldingProxy;
let send: Send;
beforeAll(async () => {
  test = await createTestDatabase();
  proxy = await startHoldingProxy(inject('cloud').dataApiEndpoint);
  send = await uploadClient({
    ...test.environmentOf('upload'),
    AWS_ENDPOINT_URL_RDS_DATA: proxy.endpoint,
  });
});
beforeEach(() => emptyTables(test.pg, SELLERS));
afterAll(() => proxy[Symbol.asyncDispose]());
afterAll(() => test.drop());

const upload = (sent: readonly object[], user = 'seller') => send({ user, orders: sent });
const dryRun = (sent: readonly object[], query = 'dry_run=true', user = 'seller') =>
  send(uploadEvent({ user, orders: sent }, { rawQueryString: query }));

/** Of 4 bytes a character. */
const FACES = '😀'.repeat(15);
const LONG_NAME = '😀'.repeat(255);

/** Of as many statuses: more than one answer of the database tells. */
const OF_MANY_DAYS = Array.from({ length: 8_000 }, (_, i) =>
  order({ order_number: `${i}`, status: `${i}${FACES}`, items: [] }),
);

const TABLES = ['users', 'orders', 'order_items', 'daily_order_stats', 'uploads', 'order_versions'];

/** Every row with its place and the transactions that wrote and locked it. */
async function rowVersions() {
  const found: unknown[] = [];
  for (const table of TABLES) {
    const { rows } = await test.pg.query(
      `SELECT t.tableoid::regclass, ctid, xmin, xmax FROM ${table} AS t ORDER BY ctid`,
    );
    found.push(...rows);
  }
  return found;
}

async function figures() {
  const { rows } = await test.pg.query<Figures>(
    `SELECT day::text AS date, status, orders_count::int, total_revenue FROM daily_order_stats`,
  );
  return rows;
}

interface Figures {
  date: string;
  status: string;
  orders_count: number;
  total_revenue: string;
}

/** What figures have become, less what they were, in cents. */
function difference(before: readonly Figures[], after: readonly Figures[]) {
  const sums = new Map<string, [number, number]>();
  const add = (sign: number) => (row: Figures) => {
    const key = `${row.date} ${row.status}`;
    const [count, cents] = sums.get(key) ?? [0, 0];
    const more = sign * Math.round(Number(row.total_revenue) * 100);
    sums.set(key, [count + sign * row.orders_count, cents + more]);
  };
  after.forEach(add(1));
  before.forEach(add(-1));
  return Object.fromEntries([...sums].filter(([, [count, cents]]) => count !== 0 || cents !== 0));
}

describe('a dry run', () => {
  it('tells of each order what would become of it, field by field and line by line', async () => {
    await upload([
      { ...order({ order_number: 'updated', total_amount: '10.00' }), updated_at: null },
      order({ order_number: 'same' }),
      { ...order({ order_number: 'stale' }), updated_at: '2025-11-12T10:00:02Z' },
    ]);
    const before = await rowVersions();
    const { status, body } = await dryRun([
      order({
        order_number: 'updated',
        total_amount: '12.50',
        status: 'paid',
        created_at: '2025-11-13T10:00:00.000000Z',
        items: [item({ sku: 'tea01' }), item({ sku: 'cup01', quantity: 1, price: '1500.10' })],
      }),
      order({ order_number: 'same' }),
      { ...order({ order_number: 'stale', status: 'old' }), updated_at: '2025-11-12T10:00:01Z' },
      order({ order_number: 'new' }),
    ]);
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        user: 'seller',
        orders_created: 1,
        orders_updated: 1,
        orders_unchanged: 1,
        items_count: 8,
        orders_stale: 1,
        upload_id: null,
        stale_order_numbers: ['stale'],
        dry_run: true,
        orders: [
          {
            order_number: 'updated',
            action: 'updated',
            changes: {
              created_at: {
                from: '2025-11-12T10:00:00.000000Z',
                to: '2025-11-13T10:00:00.000000Z',
              },
              status: { from: 'delivered', to: 'paid' },
              total_amount: { from: 10, to: 12.5 },
            },
            items: [
              {
                line_no: 2,
                change: 'changed',
                from: { sku: 'cup01', name: 'Чай зелёный', quantity: 1, price: 1500 },
                to: { sku: 'cup01', name: 'Чай зелёный', quantity: 1, price: 1500.1 },
              },
            ],
          },
          { order_number: 'same', action: 'unchanged' },
          { order_number: 'stale', action: 'stale' },
          { order_number: 'new', action: 'created' },
        ],
        days: [
          { date: '2025-11-12', status: 'delivered', orders_count: 0, total_revenue: 2490 },
          { date: '2025-11-13', status: 'paid', orders_count: 1, total_revenue: 12.5 },
        ],
      },
    });
    expect(await rowVersions()).toEqual(before);
  });

  it('names the same 100 of many stale orders as the upload', async () => {
    const many = (second: number) =>
      orders(101, '').map((one) => ({ ...one, updated_at: `2025-11-12T10:00:0${second}Z` }));
    await upload(many(2));
    const sent = many(1).reverse();
    const { stale_order_numbers } = (await dryRun(sent)).body;
    expect(stale_order_numbers).toEqual((await upload(sent)).body.stale_order_numbers);
    expect(stale_order_numbers).toHaveLength(100);
  });

  it('tells of lines that would come and go', async () => {
    await upload([order({ order_number: 'a', items: [item(), item({ sku: 'gone' })] })]);
    const fewer = await dryRun([order({ order_number: 'a', items: [item()] })]);
    expect(fewer.body.orders).toMatchObject([
      { changes: {}, items: [{ line_no: 2, change: 'removed', from: { sku: 'gone' } }] },
    ]);
    const more = await dryRun([
      order({ order_number: 'a', items: [item(), item({ sku: 'gone' }), item({ sku: 'new' })] }),
    ]);
    expect(more.body.orders).toMatchObject([
      { changes: {}, items: [{ line_no: 3, change: 'added', to: { sku: 'new' } }] },
    ]);
  });

  it('tells of a seller who is not there yet, and makes none', async () => {
    expect((await dryRun(orders(2, 'first-'))).body).toMatchObject({ orders_created: 2 });
    expect((await test.pg.query('SELECT * FROM users')).rows).toEqual([]);
  });

  it('refuses what the upload would refuse', async () => {
    await upload([order({ order_number: 'taken' })], 'other');
    expect(await dryRun([order({ order_number: 'taken' })])).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'taken', order_number: 'taken' }] },
    });
    expect(await dryRun([{ ...order(), status: '' }])).toMatchObject({ status: 400 });
  });

  it('tells of as many orders as an upload has, though one answer of the database is 1 MiB', async () => {
    const items = Array.from({ length: 3 }, (_, i) => item({ name: `${i} `.padEnd(255, 'я') }));
    const many = orders(2_000, 'many-', { items });
    await upload(many);
    const { body } = await dryRun(many.map((sent) => ({ ...sent, status: 'changed' })));
    expect(body).toMatchObject({ orders_updated: 2_000 });
    const told = body.orders as { changes?: unknown }[];
    expect(told.filter(({ changes }) => changes)).toHaveLength(2_000);
    expect(body.days).toMatchObject([{ orders_count: 2_000 }, { orders_count: -2_000 }]);
  });

  it('tells of orders after one that is too large to be told, as long as they are in bytes', async () => {
    const long = (count: number) => Array.from({ length: count }, () => item({ name: LONG_NAME }));
    const sizes = { 'a-small': 1, 'b-large': 700, 'c-too-large': 950, 'd-small': 1 };
    const sent = Object.entries(sizes).map(([order_number, count]) =>
      order({ order_number, items: long(count) }),
    );
    await upload(sent);
    const { body } = await dryRun(sent.map((one) => ({ ...one, status: 'changed' })));
    expect(body).toMatchObject({ orders_updated: 4, orders_without_details: 1 });
    const changes = { status: { from: 'delivered', to: 'changed' } };
    const told = { action: 'updated', changes, items: [] };
    expect(body.orders).toEqual([
      { order_number: 'a-small', ...told },
      { order_number: 'b-large', ...told },
      { order_number: 'c-too-large', action: 'updated' },
      { order_number: 'd-small', ...told },
    ]);
  });

  it('tells of more days than one answer of the database has', async () => {
    const { body } = await dryRun(OF_MANY_DAYS);
    expect(body).toMatchObject({ orders_created: 8_000 });
    const days = body.days as Figures[];
    expect(new Set(days.map((day) => day.status)).size).toBe(8_000);
  });

  it('refuses also what is taken between two of its calls', async () => {
    const held = proxy.hold('/Execute', /place\) > \(2, /); // more days
    const previewed = dryRun(OF_MANY_DAYS);
    await held.arrived;
    await upload([order({ order_number: '7' })], 'other');
    await held.letOn();
    expect(await previewed).toMatchObject({
      status: 409,
      body: { errors: [{ code: 'taken', order_number: '7' }], errors_count: 1 },
    });
  });

  it.each([
    'dry_run[]=true',
    'dry_run=yes',
    'dry_run=',
    'dry_run=true&dry_run=true',
    'dryrun=true',
    'Dry-Run=true',
    'user=seller&amp;dry_run=true',
    'dry_run%3Dtrue',
    'user=seller;dry_run=true',
    'user=seller?dry_run=true',
    'dry_run_only=true',
    'user=seller%26dry_run%3Dtrue',
    'dry%255Frun=true',
    'dry=true',
    'dry_rum=true',
    'drry_run=true',
    'dyr_run=true',
    'dr%D1%83_run=true', // a Cyrillic letter
    '%EF%BD%84ry_run=true', // a wide one
    'user=seller,dry_run=true',
    'user=seller%20dry-run=true',
  ])('is not taken for an upload when it is written %s', async (query) => {
    expect(await dryRun(orders(1, 'no-'), query)).toMatchObject({ status: 400 });
    expect((await test.pg.query('SELECT * FROM users')).rows).toEqual([]);
  });

  it.each([
    'dry_run=false',
    'source=dry_run&of=%3Fdry_run%3Dtrue',
    'run=true&note=brut,dry&try=1',
    'rerun=1&dev_run=5&dryer_id=3',
  ])('is an upload when it is written %s', async (query) => {
    const { body } = await dryRun(orders(1, 'yes-'), query);
    expect(body).not.toHaveProperty('dry_run');
    expect(body).toMatchObject({ orders_created: 1, upload_id: expect.any(String) });
  });

  it('tells just what the upload then does', async () => {
    const second = fc.integer({ min: 0, max: 9 }).map((n) => `2025-11-12T10:00:0${n}Z`);
    const state = fc.record({
      order_number: fc.constantFrom('a', 'b', 'c'),
      updated_at: fc.option(second, { nil: null }),
      created_at: fc.constantFrom('2025-11-12T23:59:59Z', '2025-11-13T00:00:00Z'),
      status: fc.constantFrom('new', 'paid'),
      total_amount: fc.constantFrom('-0.10', '2.00', '9999999999.99'),
      items: fc.array(fc.constantFrom(item(), item({ quantity: 3 })), { maxLength: 2 }),
    });
    const sent = fc.uniqueArray(state, { selector: (o) => o.order_number, minLength: 1 });
    await fc.assert(
      fc.asyncProperty(sent, sent, async (first, then) => {
        await emptyTables(test.pg, SELLERS);
        await upload(first);
        const before = await figures();
        const { body: told } = await dryRun(then);
        const { upload_id: _, ...done } = (await upload(then)).body;
        expect(told).toMatchObject(done);
        const days = (told.days as Figures[]).map((day) => ({
          ...day,
          total_revenue: String(day.total_revenue),
        }));
        expect(difference([], days)).toEqual(difference(before, await figures()));
      }),
      { numRuns: 25 },
    );
  });
});
