import pg from 'pg';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { useOwnDataApi } from '../../helpers/data-api.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { lambdaContext, uploadEvent } from '../../helpers/events.ts';
import { untilLockWaits } from '../../helpers/lock-waits.ts';
import { item, order, orders, rollUpDifferences, storedOrders } from '../../helpers/orders.ts';
import { logged, type Send, uploadClient } from './client.ts';

const test = useEmptyDatabase();
const own = useOwnDataApi();
let send: Send;
beforeAll(async () => {
  // Time for the deadlock to come about before who waited first looks for one, which it does once.
  const database = new URL(test.url).pathname.slice(1);
  await test.pg.query(`ALTER DATABASE ${database} SET deadlock_timeout = '2s'`);
  send = await uploadClient({
    ...test.environmentOf('upload'),
    ...own.environment,
    POWERTOOLS_LOG_LEVEL: 'INFO',
  });
  // A process asks what the database's clock says before its first upload.
  await upload([order()]);
});

/** More than a call can carry, in few rows: each of these characters takes 6 bytes in a request. */
const LARGE = orders(400, 'large-', {
  items: Array.from({ length: 8 }, (_, i) => item({ sku: `${i}`, name: '\u0001'.repeat(255) })),
}).sort((a, b) => (a.order_number < b.order_number ? -1 : 1));

const upload = (uploaded: readonly unknown[], context = lambdaContext()) =>
  logged(() => send({ user: 'seller', orders: uploaded }, context));

/** The reasons for which a log says that an upload was tried again. */
const reasons = (log: readonly Record<string, unknown>[]) =>
  log.filter((line) => line.message === 'upload tried again').map((line) => line.reason);

async function expectStoredOnce(uploaded: readonly unknown[]) {
  expect(await storedOrders(test.pg, 'seller')).toEqual(uploaded);
  expect(await rollUpDifferences(test.pg)).toEqual([]);
}

describe('an upload of one call', () => {
  it.each([
    ['throttling', { kind: 'throttling', calls: 2 }, ['throttled', 'throttled']],
    ['a cluster that wakes up', { kind: 'resuming', forMs: 300_000, calls: 1 }, ['resuming']],
    [
      'a cluster that took too long to wake',
      { kind: 'statement-timeout', calls: 1 },
      ['statement_timeout'],
    ],
    ['a 500', { kind: 'status', status: 500, calls: 1 }, ['unavailable']],
    ['a 503', { kind: 'status', status: 503, calls: 1 }, ['unavailable']],
    ['a 504', { kind: 'status', status: 504, calls: 1 }, ['unavailable']],
    ['a connection cut before it', { kind: 'cut-before', calls: 2 }, ['connection', 'connection']],
  ] as const)('outlasts %s', async (_what, fault, expected) => {
    own.dataApi.faults.add(fault);
    const uploaded = orders(3, 'o');
    const { result, log } = await upload(uploaded);
    expect(result).toMatchObject({ status: 200, body: { orders_created: 3 } });
    expect(reasons(log)).toEqual(expected);
    expect(log.at(-1)).toMatchObject({ message: 'orders uploaded', retries: expected.length });
    await expectStoredOnce(uploaded);
  });

  it('says what it has stored also when the answer to its statement was lost', async () => {
    own.dataApi.faults.add({ kind: 'cut-after', calls: 1 });
    const uploaded = orders(3, 'o');
    const { result, log } = await upload(uploaded);
    expect(result).toMatchObject({
      status: 200,
      body: { orders_created: 3, orders_unchanged: 0, upload_id: expect.any(String) },
    });
    expect(log.at(-1)).toMatchObject({ message: 'orders uploaded', orders_created: 3, retries: 1 });
    await expectStoredOnce(uploaded);
  });

  it('is no answer of an earlier request when the one to its own statement was lost', async () => {
    own.dataApi.faults.add({ kind: 'cut-after', calls: 1 });
    const headers = { 'content-type': 'application/json', 'idempotency-key': 'own' };
    const keyed = uploadEvent({ user: 'seller', orders: orders(3, 'o') }, { headers });
    const { result, log } = await logged(() => send(keyed));
    expect(result).toMatchObject({ status: 200, body: { orders_created: 3 } });
    expect(result.headers).not.toHaveProperty('idempotent-replayed');
    expect(log.at(-1)).toMatchObject({ message: 'orders uploaded' });
  });

  it('is tried again when PostgreSQL ends it to break a deadlock', async () => {
    await upload([order({ order_number: 'a' }), order({ order_number: 'b' })]);
    const rival = await connected();
    await rival.query(`SET deadlock_timeout = '60s'`); // the upload is to be who looks, and ends
    await rival.query('BEGIN');
    await lock(rival, 'b');
    const changed = ['a', 'b'].map((n) => order({ order_number: n, status: 'paid' }));
    const uploading = upload(changed); // has a, waits for b
    await untilLockWaits(test.pg, 1);
    await lock(rival, 'a');
    await rival.query('COMMIT');
    await rival.end();
    const { result, log } = await uploading;
    expect(result).toMatchObject({ status: 200, body: { orders_updated: 2 } });
    expect(reasons(log)).toEqual(['conflict']);
    await expectStoredOnce(changed);
  });

  it('is tried again when another upload changed its orders while it waited', async () => {
    await upload([order({ order_number: 'a' })]);
    const rival = await connected();
    await rival.query('BEGIN');
    await lock(rival, 'a');
    const versions = ['paid', 'sent'].map((status) => [
      order({ order_number: 'a', status, items: [item({ sku: status })] }),
    ]);
    const uploading = logged(() =>
      Promise.all(versions.map((uploaded) => send({ user: 'seller', orders: uploaded }))),
    );
    await untilLockWaits(test.pg, 2);
    await rival.query('COMMIT');
    await rival.end();
    const { result, log } = await uploading;
    expect(result).toMatchObject(Array(2).fill({ status: 200, body: { orders_updated: 1 } }));
    expect(reasons(log)).toEqual(['conflict']);
    expect(versions).toContainEqual(await storedOrders(test.pg, 'seller'));
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('is tried again, and stored, when its seller was deleted while it waited', async () => {
    await upload([order({ order_number: 'a' })]);
    const rival = await connected();
    await rival.query('BEGIN');
    await rival.query(`DELETE FROM users WHERE username = 'seller'`);
    const uploaded = [order({ order_number: 'a', status: 'paid' }), order({ order_number: 'b' })];
    const uploading = upload(uploaded);
    await untilLockWaits(test.pg, 1);
    await rival.query('COMMIT');
    await rival.end();
    const { result, log } = await uploading;
    expect(result).toMatchObject({ status: 200, body: { orders_created: 2 } });
    expect(reasons(log)).toEqual(['conflict']);
    await expectStoredOnce(uploaded);
  });
});

describe('an upload of several calls', () => {
  it('is stored whole also when another changes what it has only read so far', async () => {
    await upload(LARGE);
    const changed = [...LARGE.slice(0, -1), { ...LARGE.at(-1)!, status: 'paid' }];
    const rival = await connected();
    await rival.query('BEGIN');
    await lock(rival, LARGE.at(-1)!.order_number);
    const uploading = upload(changed); // its first call found all the same, its second waits
    await untilLockWaits(test.pg, 1);
    await upload([{ ...LARGE[0]!, status: 'by another' }]);
    await rival.query('COMMIT');
    await rival.end();
    expect(await uploading).toMatchObject({ result: { status: 200, body: { orders_updated: 2 } } });
    await expectStoredOnce(changed);
  });

  it.each([
    ['BeginTransaction', { kind: 'cut-after' }],
    ['ExecuteStatement', { kind: 'cut-before' }],
    ['ExecuteStatement', { kind: 'cut-after' }],
    ['ExecuteStatement', { kind: 'throttling' }],
    ['CommitTransaction', { kind: 'cut-before' }],
    ['CommitTransaction', { kind: 'cut-after' }],
  ] as const)('is stored once when %s fails: %j', async (operation, fault) => {
    own.dataApi.faults.add({ ...fault, operations: [operation], calls: 1 });
    const { result, log } = await upload(LARGE);
    expect(result).toMatchObject({ status: 200, body: { orders_created: LARGE.length } });
    expect(log.at(-1)).toMatchObject({ message: 'orders uploaded', retries: 1 });
    await expectStoredOnce(LARGE);
  });

  it('is stored once when the answers to a statement and to the rollback are lost', async () => {
    own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls: 1 });
    own.dataApi.faults.add({ kind: 'cut-before', operations: ['RollbackTransaction'], calls: 1 });
    const { result } = await upload(LARGE);
    expect(result).toMatchObject({ status: 200, body: { orders_created: LARGE.length } });
    await expectStoredOnce(LARGE);
  });
});

describe('an upload without enough time', () => {
  /** What API Gateway leaves an upload here; all but the last second of it is for the database. */
  const SHORT = lambdaContext(1_500);

  it.each([
    ['throttled', { kind: 'throttling' }, '5'],
    ['waking up', { kind: 'resuming', forMs: 60_000 }, '15'],
    ['too slow to wake', { kind: 'statement-timeout' }, '15'],
    ['out of reach', { kind: 'cut-before' }, '5'],
  ] as const)('is answered 503 when the database is %s', async (_what, fault, retryAfter) => {
    own.dataApi.faults.add(fault);
    // A busy machine cuts off no first try, after which nothing would be known of the database.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { result } = await upload([order()], SHORT);
    expect(result).toMatchObject({
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': retryAfter },
      body: { title: 'Service Unavailable', request_id: expect.any(String) },
    });
    // Before the fault ends: a call may still be under way that nobody waits for any more.
    expect(await storedOrders(test.pg, 'seller')).toEqual([]);
  });

  it('is answered 503 and ended by PostgreSQL, its locks with it, when a lock keeps it waiting', async () => {
    await upload([order({ order_number: 'b' })]);
    const rival = await connected();
    await rival.query('BEGIN');
    await lock(rival, 'b');
    const uploaded = ['a', 'b'].map((n) => order({ order_number: n, status: 'paid' }));
    const { result } = await upload(uploaded, SHORT);
    expect(result).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    await untilLockWaits(test.pg, 0);
    await rival.query('COMMIT');
    await rival.end();
    await expectStoredOnce([order({ order_number: 'b' })]);
  });
});

async function connected(): Promise<pg.Client> {
  const client = new pg.Client(test.url);
  await client.connect();
  return client;
}

const lock = (client: pg.Client, number: string) =>
  client.query('SELECT FROM orders WHERE order_number = $1 FOR UPDATE', [number]);
