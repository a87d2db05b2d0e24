import { describe, expect, it } from 'vitest';
import {
  ConnectionError,
  ForbiddenError,
  InvalidRequestError,
  OrderAnalyticsClient,
  ProblemError,
  type RetryOptions,
  ServerError,
  TooManyRequestsError,
  UnavailableError,
} from '../../client/src/index.ts';
import { type Answer, fakeClock, fakeService, json, stored } from './fake-service.ts';

const KEY = 'oa_test_k3f9x2m8q1zd_secret';
const ME = { user: 'test_seller', key_id: 'k3f9x2m8q1zd', scopes: [], expires_at: null };
const CHANGED = { ...stored('test_seller'), orders_deleted: 0, not_found: [] };
const UNDONE = { user: 'test_seller', orders_restored: 0, left_alone: [] };

const good: Answer = () => json(200, ME);
const cut: Answer = () => {
  throw new TypeError('fetch failed');
};
const busy =
  (retryAfter: string): Answer =>
  () =>
    json(503, { status: 503, detail: 'Busy.', request_id: 'r1' }, { 'retry-after': retryAfter });
const status =
  (code: number): Answer =>
  () =>
    json(code, { message: 'No.' });

function clientOf(answers: readonly Answer[], retry?: RetryOptions, random?: number) {
  const service = fakeService(...answers);
  const clock = fakeClock(random);
  const client = new OrderAnalyticsClient({
    url: 'https://api.example.com/',
    user: 'test_seller',
    key: KEY,
    fetch: service.fetch,
    clock,
    retry,
  });
  return { client, clock, ...service };
}

/** What a call throws. */
const thrownBy = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => expect.unreachable('it does not throw'),
    (error) => error,
  );

describe('a client', () => {
  it.each([
    '127.0.0.1:3000',
    'localhost:3000',
    '',
    'ftp://example.com',
  ])('is none of the address %j, which nobody would ever answer at', (url) => {
    const make = () => new OrderAnalyticsClient({ url, user: 'test_seller', key: KEY });
    expect(make).toThrow(TypeError);
    expect(make).toThrow('as https://');
  });
});

describe('a call', () => {
  it.each([
    ['429', status(429)],
    ['500 of API Gateway', status(500)],
    ['502', status(502)],
    ['503', busy('1')],
    ['504 of a proxy, with a page', () => new Response('<html>', { status: 504 })],
    ['a broken connection', cut],
    ['an answer that is not whole', () => new Response('{"user":')],
    ["something else's answer", () => json(200, { status: 'ok' })],
    ["something else's null", () => json(200, null)],
  ] as const)('is sent again after %s', async (_what, answer) => {
    const { client, requests } = clientOf([answer, answer, good]);
    expect(await client.whoami()).toEqual(ME);
    expect(requests).toHaveLength(3);
  });

  it.each([
    [400, InvalidRequestError],
    [403, ForbiddenError],
    [301, ProblemError],
  ])('is not sent again after %i', async (code, ErrorClass) => {
    const { client, requests } = clientOf([status(code), good]);
    expect(await thrownBy(client.whoami())).toBeInstanceOf(ErrorClass);
    expect(requests).toHaveLength(1);
  });

  it('waits a random part of a pause that doubles up to the longest', async () => {
    const { client, clock } = clientOf([...Array(6).fill(status(500)), good], {
      maxDelayMs: 3_000,
    });
    await client.whoami();
    expect(clock.waits).toEqual([250, 500, 1_000, 1_500, 1_500, 1_500]);
  });

  it('waits what the service asks for, in seconds or until a date, and a random part more', async () => {
    const { client, clock } = clientOf([busy('15'), busy('Wed, 12 Nov 2025 10:00:35 GMT'), good]);
    await client.whoami();
    expect(clock.waits).toEqual([15_250, 20_250]); // 19,750 ms are left of the 35 s
  });

  it('is given up when the service asks for more time than there is', async () => {
    const { client, clock } = clientOf([busy('121'), good]);
    const error = await thrownBy(client.whoami());
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ status: 503, requestId: 'r1', retryAfterMs: 121_000 });
    expect(clock.waits).toEqual([]);
  });

  it('is given up at its deadline with what was the matter last', async () => {
    const { client, clock } = clientOf([status(500), status(429)], {
      maxTries: 1_000,
      deadlineMs: 60_000,
    });
    expect(await thrownBy(client.whoami())).toBeInstanceOf(TooManyRequestsError);
    const waited = clock.waits.reduce((sum, ms) => sum + ms, 0);
    expect(waited).toBeGreaterThan(45_000);
    expect(waited).toBeLessThan(60_000);
  });

  it('is given up with what was the matter also where its pause has lasted past its deadline', async () => {
    const { client, clock, requests } = clientOf([busy('1'), good], { deadlineMs: 2_000 });
    const { wait } = clock;
    clock.wait = (ms, signal) => wait(ms + 1_000, signal); // as when the machine was asleep
    expect(await thrownBy(client.whoami())).toBeInstanceOf(UnavailableError);
    expect(requests).toHaveLength(1);
  });

  it.each<[string, RetryOptions]>([
    ['no time at all', { deadlineMs: undefined, tryMs: undefined }],
    ['no number of tries', { maxTries: undefined }],
    ['no pause', { baseDelayMs: undefined, maxDelayMs: undefined }],
    ['a fraction of a millisecond', { deadlineMs: 60_000 * 1.1, tryMs: 1_000.5 }],
    ['no end', { deadlineMs: Infinity, tryMs: Infinity, maxTries: 3 }],
  ])('may be told %s', async (_what, retry) => {
    const { client, clock } = clientOf([cut, cut, good], retry);
    expect(await client.whoami()).toEqual(ME);
    expect(clock.waits).toEqual([250, 500]);
  });

  it('is given up after so many tries', async () => {
    const { client, requests } = clientOf([cut], { maxTries: 3 });
    const error = await thrownBy(client.whoami());
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ cause: new TypeError('fetch failed') });
    expect(requests).toHaveLength(3);
  });

  it('is tried again when a try has no answer in time', async () => {
    const silent: Answer = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { client } = clientOf([silent, good], { tryMs: 1 });
    expect(await client.whoami()).toEqual(ME);
  });

  it('ends with the reason of its signal, between tries too', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const stopping: Answer = () => {
      stop.abort(reason);
      throw new TypeError('fetch failed');
    };
    const { client, requests } = clientOf([stopping, good]);
    expect(await thrownBy(client.whoami({ signal: stop.signal }))).toBe(reason);
    expect(await thrownBy(client.whoami({ signal: stop.signal }))).toBe(reason);
    expect(requests).toHaveLength(1);
  });

  it('sends a change again under the same key, and another change under another', async () => {
    const changed = () => json(200, { ...CHANGED, ...UNDONE });
    const { client, requests } = clientOf([cut, status(500), changed]);
    await client.upload([]);
    await client.deleteOrders(['1']);
    await client.undo('id', { idempotencyKey: 'mine' });
    const keys = requests.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/);
    expect(keys).toEqual([keys[0], keys[0], keys[0], keys[3], 'mine']);
    expect(keys[3]).not.toBe(keys[0]);
  });
});

describe('an error', () => {
  it('has what the service says', async () => {
    const entries = [{ pointer: '?from', code: 'invalid_date', detail: 'Must be a day.' }];
    const body = { detail: 'One.', request_id: 'r2', errors: entries, errors_count: 7 };
    const { client } = clientOf([() => json(400, body)]);
    const error = await thrownBy(client.stats({ from: 'x' }));
    expect(error).toMatchObject({
      name: 'InvalidRequestError',
      message: '400: One.',
      code: 'invalid_date',
      requestId: 'r2',
      entries,
      entriesCount: 7,
    });
  });

  it('has the id of the request when API Gateway answers itself', async () => {
    const answer = () => json(500, { message: 'Oh.' }, { 'apigw-requestid': 'r3' });
    const { client } = clientOf([answer], { maxTries: 1 });
    const error = await thrownBy(client.whoami());
    expect(error).toBeInstanceOf(ServerError);
    expect(error).toMatchObject({ message: '500: Oh.', requestId: 'r3', entries: [] });
  });

  it('never has the key, nor has the client when it is printed', async () => {
    const { inspect } = await import('node:util');
    const { client, requests } = clientOf([cut], { maxTries: 1 });
    const error = await thrownBy(client.whoami());
    expect(inspect([error, client], { depth: 9, showHidden: true })).not.toContain(KEY);
    expect(requests[0]?.headers.get('authorization')).toBe(`Bearer ${KEY}`);
  });
});
