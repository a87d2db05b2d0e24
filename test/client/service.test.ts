import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSellerKey } from '../../cli/keys/seller-key.ts';
import {
  type ChangesPage,
  ConflictError,
  ForbiddenError,
  InvalidRequestError,
  type NewOrder,
  NotFoundError,
  OrderAnalyticsClient,
  UnauthorizedError,
} from '../../client/src/index.ts';
import type { Service } from '../../local/service/service.ts';
import { emptyTables, ORDERS } from '../helpers/empty-tables.ts';
import { startTestService } from '../helpers/service.ts';
import { settled } from '../helpers/settled.ts';
import { fakeClock } from './fake-service.ts';
import { startUnsteadyProxy, type Trouble, type UnsteadyProxy } from './unsteady-proxy.ts';

// The client against the very bundles, through a way on which connections break.

let service: Service;
let proxy: UnsteadyProxy;
let db: pg.Client;
let key: string;
let client: OrderAnalyticsClient;
/** The client's and API Gateway's, whose limits therefore are over when the client has waited. */
const clock = fakeClock(0.5, new Date().toISOString());
beforeAll(async () => {
  const after = () => () => {}; // nothing else is waited for
  service = await startTestService({ throttled: true, clock: { now: clock.now, after } });
  proxy = await startUnsteadyProxy(service.endpoints.api);
  db = new pg.Client(service.endpoints.postgres);
  await db.connect();
  key = await createSellerKey(service.endpoints, 'test_seller');
  client = new OrderAnalyticsClient({ url: proxy.endpoint, user: 'test_seller', key, clock });
});
beforeEach(() => emptyTables(db, ORDERS));
afterEach(async () => {
  service.dataApi.faults.clear();
  proxy.troubles.length = 0;
  await proxy.idle();
});
afterAll(async () => {
  await db.end();
  await proxy[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

const order = (order_number: string, fields: Partial<NewOrder> = {}): NewOrder => ({
  order_number,
  created_at: '2025-11-12T13:00:00+03:00',
  total_amount: '2500',
  status: 'paid',
  items: [{ sku: 'tea01', name: 'Чай зелёный', quantity: 2, price: '500.00' }],
  ...fields,
});

const numbered = (count: number): NewOrder[] =>
  Array.from({ length: count }, (_, i) => order(String(i).padStart(4, '0')));

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const members: T[] = [];
  for await (const member of source) members.push(member);
  return members;
}

describe('orders', () => {
  it('are given back as they were sent, amounts to the last digit', async () => {
    const result = await client.upload([
      order('large', { total_amount: '9999999999.99', items: [] }),
      order('refund', { total_amount: '-0.10' }),
    ]);
    expect(result).toMatchObject({ user: 'test_seller', orders_created: 2, items_count: 1 });
    const { orders, not_found } = await client.ordersByNumber(['refund', 'none', 'large']);
    expect(not_found).toEqual(['none']);
    expect(orders).toMatchObject([
      {
        order_number: 'refund',
        created_at: '2025-11-12T10:00:00.000000Z',
        total_amount: '-0.10',
        items: [{ sku: 'tea01', name: 'Чай зелёный', quantity: 2, price: '500.00' }],
        version: 1,
      },
      { order_number: 'large', total_amount: '9999999999.99', items: [] },
    ]);
    expect(await client.stats()).toEqual({
      user: 'test_seller',
      orders_count: 2,
      total_revenue: '9999999999.89',
      avg_order_value: '4999999999.95',
    });
  });

  it('are asked for by any number of numbers, as many as fit at once', async () => {
    await client.upload(numbered(2));
    const long = Array.from({ length: 230 }, (_, i) => 'Ж'.repeat(40) + i);
    const { orders, not_found } = await client.ordersByNumber(
      ['0000', ...long, '0001', '0000'], // which is in another request than before
    );
    expect(orders.map(({ order_number }) => order_number)).toEqual(['0000', '0001']);
    expect(not_found).toEqual(long);
  });

  it('are read in pages, from any of them on', async () => {
    await client.upload(numbered(7));
    const numbers = numbered(7).map(({ order_number }) => order_number);
    const read = await all(client.orders({ limit: 3 }));
    expect(read.map(({ order_number }) => order_number)).toEqual(numbers);
    const [first, ...rest] = await all(client.pages({ limit: 3, status: ['paid', 'sent'] }));
    expect(rest.map((page) => page.orders.length)).toEqual([3, 1]);
    const later = await all(client.orders({ limit: 3, after: String(first?.next) }));
    expect(later.map(({ order_number }) => order_number)).toEqual(numbers.slice(3));
    expect(await all(client.orders({ from: '2025-11-13' }))).toEqual([]);
  });

  it('are planned, stored, followed, undone and deleted', async () => {
    const { upload_id } = await client.upload(numbered(3));
    const changed = [order('0001', { total_amount: '1000.50', items: [] })];
    expect(await client.dryRun(changed)).toMatchObject({
      dry_run: true,
      orders: [{ changes: { total_amount: { from: '2500.00', to: '1000.50' } } }],
      days: [{ orders_count: 0, total_revenue: '-1499.50' }],
    });
    await settled(db);
    const pages = await all(client.changes({ limit: 2 }));
    expect(pages.map(({ changes }) => changes.length)).toEqual([2, 1, 0]);
    const wrong = await client.upload(changed);
    expect(await client.undo(wrong.upload_id ?? '')).toMatchObject({ orders_restored: 1 });
    expect(await client.deleteOrders(['0000', 'none'])).toMatchObject({
      orders_deleted: 1,
      not_found: ['none'],
    });
    await settled(db);
    const [news] = await all(client.changes({ after: pages.at(-1)?.next }));
    expect(toldBy(news)).toEqual(['updated 0001', 'deleted 0000']);
    const receipts = await all(client.receipts({ limit: 1 }));
    expect(receipts.map(({ kind }) => kind)).toEqual(['delete', 'undo', 'upload', 'upload']);
    expect(await client.receipt(upload_id ?? '')).toMatchObject({ order_numbers: ['0002'] });
  });

  it('are summed up by day and compared by digest', async () => {
    await client.upload([order('1'), order('2', { created_at: new Date('2025-11-14T00:00:00Z') })]);
    const period = { from: '2025-11-12', to: '2025-11-14' };
    expect(await client.dailyStats(period)).toMatchObject({
      days: [{ total_revenue: '2500.00' }, { total_revenue: '0.00' }],
    });
    expect(await client.dailyStats({ granularity: 'month' })).toMatchObject({
      days: [{ date: '2025-11-01', orders_count: 2 }],
    });
    expect(await client.digest(period)).toMatchObject({
      days: [{ date: '2025-11-12', orders_count: 1, total_revenue: '2500.00' }],
    });
  });
});

const toldBy = (page: ChangesPage | undefined) =>
  page?.changes.map(({ change, order_number }) => `${change} ${order_number}`);

describe('whoever follows changes', () => {
  it('has every order in the end, though connections break and orders change', async () => {
    await client.upload(numbered(20));
    const copy = new Map<string, string>();
    let cursor: string | undefined;
    for (const trouble of ['before', 'midway', 'after'] as const) {
      await client.upload([order('0005', { status: trouble }), order(trouble)]);
      await client.deleteOrders(['0007']);
      await settled(db);
      proxy.troubles.push(trouble, trouble);
      for await (const { changes, next } of client.changes({ after: cursor, limit: 9 })) {
        for (const one of changes) {
          if (one.change === 'deleted') copy.delete(one.order_number);
          else copy.set(one.order_number, one.order?.status ?? '');
        }
        cursor = next;
      }
    }
    const stored = await all(client.orders());
    expect([...copy].sort()).toEqual(stored.map((one) => [one.order_number, one.status]).sort());
  });
});

describe('a change whose answer is lost', () => {
  it.each<[string, Trouble[]]>([
    ['before it is there', ['before']],
    ['after it is done', ['after']],
    ['midway', ['midway']],
    ['and lost again', ['after', 'before', 'midway']],
    ['behind a busy proxy', [{ status: 503, headers: { 'retry-after': '5' } }, 'after']],
    ['for too many requests', [{ status: 429 }, { status: 429 }]],
  ])('is done once and answered what it did: %s', async (_what, troubles) => {
    proxy.troubles.push(...troubles);
    const stored = await client.upload([order('1')]);
    expect(stored).toMatchObject({ orders_created: 1, orders_unchanged: 0 });
    proxy.troubles.push(...troubles);
    expect(await client.deleteOrders(['1'])).toMatchObject({ orders_deleted: 1 });
    proxy.troubles.push(...troubles);
    expect(await client.undo(stored.upload_id ?? '')).toMatchObject({ orders_left_alone: 1 });
    const receipts = await all(client.receipts());
    expect(receipts.map(({ kind }) => kind)).toEqual(['undo', 'delete', 'upload']);
  });

  it.each([
    ['throttles', { kind: 'throttling', calls: 2 }],
    ['loses answers', { kind: 'cut-after', calls: 1 }],
    ['fails', { kind: 'status', status: 500, calls: 2 }],
  ] as const)('is stored once while the database %s', async (_what, fault) => {
    service.dataApi.faults.add(fault);
    await client.upload(numbered(3));
    expect(await client.stats()).toMatchObject({ orders_count: 3, total_revenue: '7500.00' });
  });

  it('leaves many parts whole and in order', async () => {
    const twice = [...numbered(60), order('0007', { status: 'later' })];
    proxy.troubles.push('after', 'before', { status: 429 }, 'midway', 'after');
    const parts = await all(client.uploadAll(twice, { partBytes: 2_000 }));
    expect(parts.length).toBeGreaterThan(5);
    expect(await client.stats()).toMatchObject({ orders_count: 60, total_revenue: '150000.00' });
    expect(await client.stats({ status: 'later' })).toMatchObject({ orders_count: 1 });
  });
});

describe('a limit of API Gateway', () => {
  it('is waited for', async () => {
    const { length } = clock.waits;
    const uploads = numbered(40).map((one) => client.upload([one]));
    expect(await Promise.all(uploads)).toHaveLength(40);
    expect(clock.waits.length).toBeGreaterThan(length);
    expect(await client.stats()).toMatchObject({ orders_count: 40 });
  });
});

describe('a problem', () => {
  const asking = (more: Partial<ConstructorParameters<typeof OrderAnalyticsClient>[0]>) =>
    new OrderAnalyticsClient({ url: proxy.endpoint, user: 'test_seller', key, clock, ...more });

  it('is an error of its class, with every entry', async () => {
    const wrong = order('1', { status: '', total_amount: '1e3' });
    const error = await client.upload([wrong]).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({
      status: 400,
      code: 'invalid_amount',
      entriesCount: 2,
      entries: [
        { pointer: '/orders/0/total_amount', order_number: '1', value: '1e3' },
        { pointer: '/orders/0/status', code: 'too_short' },
      ],
      requestId: expect.stringMatching(/./),
    });
  });

  it('says what is wrong with a key, a seller, an upload and a number', async () => {
    await expect(asking({ key: `${key}0` }).whoami()).rejects.toThrow(UnauthorizedError);
    await expect(asking({ user: 'another' }).stats()).rejects.toThrow(ForbiddenError);
    await expect(client.receipt('none')).rejects.toThrow(NotFoundError);
    const another = await createSellerKey(service.endpoints, 'another');
    await asking({ user: 'another', key: another }).upload([order('taken')]);
    const taken = await client.upload([order('taken')]).catch((thrown: unknown) => thrown);
    expect(taken).toBeInstanceOf(ConflictError);
    expect(taken).toMatchObject({ code: 'taken' });
  });
});

describe('whoami', () => {
  it('says whose key it is', async () => {
    expect(await client.whoami()).toMatchObject({
      user: 'test_seller',
      scopes: ['orders:write', 'orders:read', 'stats:read'],
      expires_at: null,
    });
  });
});
