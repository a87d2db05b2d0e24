import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { lambdaContext, uploadEvent } from '../../helpers/events.ts';
import {
  answerWithout,
  type HoldingProxy,
  startHoldingProxy,
} from '../../helpers/holding-proxy.ts';
import { item, order, orders, rollUpDifferences, storedOrders } from '../../helpers/orders.ts';
import { type Send, uploadClient } from './client.ts';

const test = useEmptyDatabase();
let proxy: HoldingProxy;
let send: Send;
beforeAll(async () => {
  proxy = await startHoldingProxy(inject('cloud').dataApiEndpoint);
  send = await uploadClient({
    ...test.environmentOf('upload'),
    AWS_ENDPOINT_URL_RDS_DATA: proxy.endpoint,
  });
});
afterAll(() => proxy[Symbol.asyncDispose]());

/** What is left to the database of it is half a second. */
const SHORT_MS = 1_500;

const upload = (uploaded: readonly unknown[], remainingMs?: number) =>
  send({ user: 'seller', orders: uploaded }, lambdaContext(remainingMs));

const priced = (total_amount: string) => [order({ total_amount })];

describe('a statement that reaches the database after its upload was answered 503', () => {
  it('changes nothing that was stored since', async () => {
    await upload(priced('1.00'));
    const held = proxy.hold('/Execute', /store_batch/);
    const late = await answerWithout(held, SHORT_MS, (ms) => upload(priced('2.00'), ms));
    expect(late).toMatchObject({ status: 503 });
    expect(await upload(priced('3.00'))).toMatchObject({ status: 200 });

    const { status, body } = await held.letOn();
    expect(status).toBe(400);
    expect(body).toContain('too late to write');
    expect(await storedOrders(test.pg, 'seller')).toEqual(priced('3.00'));
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });

  it('makes no seller and no order of a first upload', async () => {
    await upload(priced('1.00'));
    const held = proxy.hold('/Execute', /store_batch/);
    const first = { user: 'newcomer', orders: orders(2, 'n') };
    const late = await answerWithout(held, SHORT_MS, (ms) => send(first, lambdaContext(ms)));
    expect(late).toMatchObject({ status: 503 });
    await held.letOn();
    const { rows } = await test.pg.query('SELECT username FROM users');
    expect(rows).toEqual([{ username: 'seller' }]);
  });
});

describe('the first try of an upload that reaches the database after the one that was answered', () => {
  it.each([
    ['what has changed', '1.00', { orders_updated: 1, upload_id: expect.any(String) }],
    ['nothing new', '2.00', { orders_unchanged: 1, upload_id: null }],
  ])('of %s changes nothing that was stored since', async (_what, before, answer) => {
    await upload(priced(before));
    const held = proxy.hold('/Execute', /store_batch/);
    const uploading = upload(priced('2.00'));
    await held.arrived;
    held.cut();
    expect(await uploading).toMatchObject({ status: 200, body: answer });
    expect(await upload(priced('3.00'))).toMatchObject({ status: 200 });

    expect(await held.letOn()).toMatchObject({ status: 200 });
    expect(await storedOrders(test.pg, 'seller')).toEqual(priced('3.00'));
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});

describe('an upload that is no longer waited for', () => {
  it('since it waited for a process until API Gateway gave it up is not done', async () => {
    await upload(priced('1.00'));
    const event = uploadEvent({ user: 'seller', orders: priced('2.00') });
    Object.assign(event.requestContext, { timeEpoch: Date.now() - 30_000 });
    expect(await send(event)).toMatchObject({ status: 503 });
    expect(await storedOrders(test.pg, 'seller')).toEqual(priced('1.00'));
  });

  it('is not done after its repetition with the same Idempotency-Key and what came then', async () => {
    await upload(priced('1.00'));
    const keyed = () =>
      send(
        uploadEvent(
          { user: 'seller', orders: priced('2.00') },
          { headers: { 'content-type': 'application/json', 'idempotency-key': 'again' } },
        ),
      );
    const held = proxy.hold('/Execute', /store_batch/);
    const first = keyed();
    await held.arrived;
    const repeated = await keyed();
    expect(repeated).toMatchObject({ status: 200, body: { orders_updated: 1 } });
    expect(await upload(priced('3.00'))).toMatchObject({ status: 200 });

    await held.letOn();
    expect(await first).toMatchObject({ status: 200, body: repeated.body });
    expect(await storedOrders(test.pg, 'seller')).toEqual(priced('3.00'));
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});

/** More than a call can carry, in few rows: each of these characters takes 6 bytes in a request. */
const large = (status: string) =>
  orders(400, 'large-', {
    status,
    items: Array.from({ length: 8 }, (_, i) => item({ sku: `${i}`, name: '\u0001'.repeat(255) })),
  }).sort((a, b) => (a.order_number < b.order_number ? -1 : 1));

/** One order with more items than a call can carry. */
const largeOrder = (status: string) => [
  order({
    status,
    items: Array.from({ length: 3_000 }, () => item({ name: '\u0001'.repeat(255) })),
  }),
];

/** Mostly long enough for the calls before the one that is held. */
const UNTIL_LATER_MS = 6_000;

describe('an upload of several calls that is answered 503', () => {
  it.each([
    ['its begin', large, '/BeginTransaction', /^/],
    ['its last batch', large, '/Execute', /INSERT INTO orders.*large-99/],
    ['its commit', large, '/CommitTransaction', /^/],
    ["a large order's more items", largeOrder, '/Execute', /WITH sent/],
  ] as const)('stores nothing of it when %s comes late', async (_what, uploaded, path, body) => {
    await upload(uploaded('first'));
    const held = proxy.hold(path, body);
    const late = await answerWithout(held, UNTIL_LATER_MS, (ms) => upload(uploaded('second'), ms));
    expect(late).toMatchObject({ status: 503 });
    expect(await upload(uploaded('third'))).toMatchObject({ status: 200 });
    await held.letOn();
    expect(await storedOrders(test.pg, 'seller')).toEqual(uploaded('third'));
    expect(await rollUpDifferences(test.pg)).toEqual([]);
  });
});
