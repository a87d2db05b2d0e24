import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { useOwnDataApi } from '../../helpers/data-api.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { keyOf, lambdaContext, uploadEvent } from '../../helpers/events.ts';
import { item, order, orders } from '../../helpers/orders.ts';
import { type Answer, logged, type Send, uploadClient } from './client.ts';

const test = useEmptyDatabase();
const own = useOwnDataApi();
let ask: Send;
beforeAll(async () => {
  ask = await uploadClient({
    ...test.environmentOf('upload'),
    ...own.environment,
    POWERTOOLS_LOG_LEVEL: 'INFO',
  });
});

// Patience ends when a test says so: a busy machine would end it at any time.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** Asks, and lets time pass once the database is asked. */
async function askFor(passedMs: number, ...request: Parameters<Send>) {
  own.dataApi.counters.reset();
  const answered = logged(() => ask(...request));
  while (calls() === 0) await turn();
  await vi.advanceTimersByTimeAsync(passedMs);
  return answered;
}

/** Asks, and keeps the log to itself. */
const send: Send = async (...request) => (await logged(() => ask(...request))).result;

/** The same answer to another request. */
const alike = (answer: Answer) => ({
  ...answer,
  body: { ...answer.body, request_id: expect.any(String) },
});

const addSeller = (name = 'seller') =>
  test.pg.query('INSERT INTO users (username) VALUES ($1)', [name]);

const upload = (uploaded: readonly object[]) => ({ user: 'seller', orders: uploaded });
const BAD = upload([order(), order({ order_number: 'b', status: '' })]);

async function refusals() {
  const { rows } = await test.pg.query(
    `SELECT u.username AS seller, code, refusals_count, status, key_id, request_id, pointer, errors_count
     FROM upload_refusals AS r JOIN users AS u ON u.id = r.user_id ORDER BY first_at, code`,
  );
  return rows;
}

const calls = () =>
  Object.values(own.dataApi.counters.read()).reduce((sum, counted) => sum + counted.calls, 0);

/** A body as it is sent by a key of the seller. */
const raw = (body: string, fields: object = {}) => ({
  ...uploadEvent(body, fields),
  requestContext: { ...uploadEvent(body).requestContext, ...keyOf('seller') },
});

describe('a refused upload', () => {
  it.each([
    ['wrong fields', () => BAD, 400, 'too_short', '/orders/1/status', 1],
    [
      'several things that are wrong',
      () => upload([order({ total_amount: 'x', items: [item({ price: '-' }), item()] })]),
      400,
      'invalid_amount',
      '/orders/0/total_amount',
      2,
    ],
    ['no JSON', () => raw('{"user": Чай}'), 400, 'invalid_json', '', 1],
    ['no body', () => raw(''), 400, 'empty_body', '', 1],
    ['a field that is not UTF-8', () => raw('{"Caf\ufffd": 1}'), 400, 'invalid_utf8', '', 1],
    [
      'a text that is not UTF-8',
      () => raw(JSON.stringify(upload([order({ status: 'a\ufffd' })]))),
      400,
      'invalid_utf8',
      '/orders/0/status',
      1,
    ],
    [
      'orders under their numbers, which are no places in a list',
      () => raw('{"orders": {"12345": {"status": "a\ufffd"}}}'),
      400,
      'invalid_utf8',
      '',
      1,
    ],
    [
      'a parameter that is misspelt',
      () => uploadEvent(upload(orders(1, 'o')), { rawQueryString: 'dry-run=true' }),
      400,
      'unknown',
      '',
      1,
    ],
    ['another seller’s name', () => raw('{"user": "other"}'), 403, 'status-403', '', 0],
    [
      'a type that is not taken',
      () => raw('a,b', { headers: { 'content-type': 'text/csv' } }),
      415,
      'status-415',
      '',
      0,
    ],
    ['too much', () => raw(tooMuch(), { isBase64Encoded: true }), 413, 'status-413', '', 0],
  ] as const)('for %s is counted', async (_what, sent, status, code, pointer, errors_count) => {
    await addSeller();
    expect(await send(sent())).toMatchObject({ status });
    expect(await refusals()).toEqual([
      {
        seller: 'seller',
        code,
        refusals_count: 1,
        status,
        key_id: 'key',
        request_id: expect.any(String),
        pointer,
        errors_count,
      },
    ]);
  });

  it('for what is stored is counted for who sent it', async () => {
    await send({ user: 'other', orders: orders(2, 'o') });
    await addSeller();
    expect(await send(upload(orders(2, 'o')))).toMatchObject({ status: 409 });
    const once = { ...uploadEvent(upload(orders(1, 'mine'))) };
    const headers = { ...once.headers, 'idempotency-key': 'once' };
    await send({ ...once, headers });
    expect(await send({ ...uploadEvent(upload(orders(2, 'mine'))), headers })).toMatchObject({
      status: 422,
    });
    expect(await refusals()).toMatchObject([
      { seller: 'seller', code: 'taken', status: 409, errors_count: 2 },
      { seller: 'seller', code: 'idempotency_key_reused', status: 422 },
    ]);
  });

  it('that comes hundreds of times is one row a day and reason, which tells of the last', async () => {
    await addSeller();
    const event = (n: number) => {
      const { requestContext, ...rest } = uploadEvent(BAD);
      return { ...rest, requestContext: { ...requestContext, requestId: `request-${n}` } };
    };
    for (let n = 0; n < 240; n += 20) {
      await Promise.all(Array.from({ length: 20 }, (_, i) => send(event(n + i))));
    }
    for (let n = 240; n < 250; n++) await send(event(n));
    const last = uploadEvent(upload([]));
    await send(last);
    const counted = await refusals();
    expect(counted.at(-1)).toMatchObject({
      code: 'too_short',
      pointer: '/orders',
      request_id: last.requestContext.requestId,
    });
    const { rows } = await test.pg.query(
      `SELECT sum(refusals_count)::int AS refusals, count(*)::int AS rows,
         max(day) - min(day) + 1 AS days -- two, where midnight came between them
       FROM upload_refusals`,
    );
    expect(rows).toEqual([{ refusals: 251, rows: rows[0].days, days: counted.length }]);
    await test.pg.query('UPDATE upload_refusals SET day = day - 7, request_id = day::text');
    await send(event(7));
    expect(await refusals()).toMatchObject([
      ...counted.map(({ refusals_count }) => ({ refusals_count })),
      { refusals_count: 1, request_id: 'request-7' },
    ]);
  });

  it('leaves nothing of what was sent', async () => {
    await addSeller();
    const canary = 'canary';
    const texts = { order_number: canary, status: `${canary}\u200b`, created_at: `2025-${canary}` };
    await send(
      upload([order({ ...texts, items: [item({ sku: `${canary} `, name: `\0${canary}` })] })]),
    );
    await send(upload([order(texts), order(texts)]));
    await send(raw(`{"${canary}": ${canary}}`));
    await send(raw(`{"user": "seller", "${canary}\ufffd": {"12/${canary}": "\ufffd"}}`));
    await send(raw(JSON.stringify({ user: canary, orders: [] })));
    const { rows } = await test.pg.query('SELECT r::text AS row FROM upload_refusals AS r');
    expect(rows.length).toBeGreaterThan(3);
    expect(JSON.stringify(rows)).not.toContain(canary);
  });

  it('is answered in one call of the Data API, and an accepted one makes none more', async () => {
    await send(upload(orders(1, 'first'))); // which asks for the clock
    for (const sent of [upload(orders(2, 'more')), BAD]) {
      own.dataApi.counters.reset();
      await send(sent);
      expect(calls()).toBe(1);
    }
  });

  it('is none where nothing was to be stored, or nobody is known to have sent it', async () => {
    await addSeller();
    expect(await send(uploadEvent(BAD, { rawQueryString: 'dry_run=true' }))).toMatchObject({
      status: 400,
    });
    const unknown = uploadEvent(BAD);
    Object.assign(unknown.requestContext, { authorizer: { lambda: { refused: 'unknown' } } });
    expect(await send(unknown)).toMatchObject({ status: 401 });
    own.dataApi.counters.reset();
    own.dataApi.faults.add({ kind: 'statement-timeout' });
    expect(await send(upload(orders(1, 'o')), lambdaContext(1_200))).toMatchObject({ status: 503 });
    own.dataApi.faults.clear();
    expect(await refusals()).toEqual([]);
  });
});

describe('a refusal that cannot be recorded', () => {
  it.each([
    ['is throttled', { kind: 'throttling' }],
    ['meets a cluster that wakes up', { kind: 'resuming', forMs: 60_000 }],
    ['meets one that took too long', { kind: 'statement-timeout' }],
    ['is answered 500', { kind: 'status', status: 500 }],
    ['has its connection cut', { kind: 'cut-before' }],
    ['has its answer lost', { kind: 'cut-after' }],
  ] as const)('since it %s is answered all the same, after one call', async (_what, fault) => {
    await addSeller();
    const answer = await send(BAD);
    own.dataApi.faults.add(fault);
    own.dataApi.counters.reset();
    const { result, log } = await logged(() => ask(BAD));
    expect(result).toEqual(alike(answer));
    expect(calls()).toBe(1);
    expect(log.map(({ message }) => message).filter(Boolean)).toEqual([
      'refusal not recorded',
      'request refused',
    ]);
  });

  it('is given up before the function is', async () => {
    await addSeller();
    const answer = await send(BAD);
    own.dataApi.faults.add({ kind: 'latency', delayMs: 20_000 });
    const { result, log } = await askFor(100, BAD, lambdaContext(600));
    expect(result).toEqual(alike(answer));
    expect(log.map(({ message }) => message)).toContain('refusal not recorded');
  });

  it('since the database is too slow is not tried again for ten seconds', async () => {
    await addSeller();
    const answer = await send(BAD);
    own.dataApi.faults.add({ kind: 'latency', delayMs: 20_000 });
    await askFor(1_000, BAD);
    own.dataApi.faults.clear();
    own.dataApi.counters.reset();
    const { result, log } = await logged(() => ask(BAD));
    expect(result).toEqual(alike(answer));
    expect(log.map(({ message }) => message)).toContain('refusal not recorded');
    expect(calls()).toBe(0);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 10_000);
    await send(BAD);
    vi.mocked(Date.now).mockRestore();
    expect(calls()).toBe(1);
    await send(BAD);
    expect(calls()).toBe(2);
  });

  it('is of a seller who is there no more', async () => {
    const { result, log } = await logged(() => ask(BAD));
    expect(result).toMatchObject({ status: 400 });
    expect(log.map(({ message }) => message).filter(Boolean)).toEqual(['request refused']);
    expect(await refusals()).toEqual([]);
  });
});

const tooMuch = () => gzipSync(Buffer.alloc(17 * 1024 * 1024, ' ')).toString('base64');
