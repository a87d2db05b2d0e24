import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { withoutLogin } from '../../client/src/address.ts';
import { problemOf } from '../../client/src/answer.ts';
import { findTarget } from '../../client/src/command/target.ts';
import { type NewOrder, OrderAnalyticsClient } from '../../client/src/index.ts';
import { listenOnLoopback } from '../../local/aws/loopback.ts';
import { type Answer, fakeClock, fakeService, json, stored } from './fake-service.ts';

const KEY = 'oa_test_k3f9x2m8q1zd_secret';
const ORDER: NewOrder = {
  order_number: '1',
  created_at: '2025-11-12T10:00:00Z',
  total_amount: '1.00',
  status: 'paid',
  items: [],
};

function clientOf(answers: readonly Answer[], key = KEY) {
  const { fetch, requests } = fakeService(...answers);
  const options = { url: 'https://api.example.com', user: 'café', key, fetch, clock: fakeClock() };
  return { client: new OrderAnalyticsClient({ ...options, retry: { maxTries: 1 } }), requests };
}

describe('an answer of somebody else than the service', () => {
  it.each([
    { user: null },
    { user: 'café' },
    { user: 'café', orders: [ORDER] }, // what was sent
    stored(null),
    stored('another'),
    { ...stored('café'), orders_created: '1' },
  ])('is none: %j', async (body) => {
    const { client } = clientOf([() => json(200, body)]);
    const none = { name: 'ConnectionError', message: /Something else than the service/ };
    const expected = expect.objectContaining({
      ...none,
      message: expect.stringMatching(none.message),
    });
    await expect(client.upload([ORDER])).rejects.toEqual(expected);
    await expect(client.stats()).rejects.toEqual(expected);
    await expect(client.deleteOrders(['1'])).rejects.toEqual(expected);
    await expect(client.ordersByNumber(['1'])).rejects.toEqual(expected);
    await expect(client.whoami()).rejects.toEqual(expected);
    await expect(client.receipts().next()).rejects.toEqual(expected);
  });

  it("is not the service's, whose names are composed", async () => {
    const { client } = clientOf([() => json(200, stored('cafe\u0301'))]);
    expect(await client.upload([ORDER])).toMatchObject({ orders_created: 1 });
  });

  it.each([
    [{ detail: 'no', errors: [null] }, '400: no', []],
    [{ detail: 'no', errors: ['bad request'] }, '400: no', []],
    [{ detail: [{ loc: [] }] }, '400: The answer does not say why.', []],
    [{ detail: {}, message: 'No.' }, '400: No.', []],
    [
      { detail: 'no', errors: [{ code: 'a', detail: 'b', order_number: 3, pointer: '/a' }] },
      '400: no',
      [{ code: 'a', detail: 'b', pointer: '/a' }],
    ],
    [{ detail: 'x'.repeat(5_000_000) }, `400: ${'x'.repeat(2_000)}`, []],
  ])('is a problem of texts alone', (body, message, entries) => {
    const error = problemOf({ status: 400, headers: new Headers() }, JSON.stringify(body), 0);
    expect({ message: error.message, entries: error.entries }).toEqual({ message, entries });
  });
});

it('an answer that redirects is not followed, with the key or without', async () => {
  const asked: [string | undefined, string | undefined][] = [];
  await using redirecting = await listenOnLoopback(
    createServer(({ url, headers }, response) => {
      asked.push([url, headers.authorization]);
      response.writeHead(307, { location: '/elsewhere' }).end();
    }),
    0,
  );
  const options = { url: redirecting.endpoint, user: 'café', key: KEY, retry: { maxTries: 1 } };
  const asking = new OrderAnalyticsClient(options).whoami();
  await expect(asking).rejects.toThrow(/^307: It redirects to .*, where the key is not sent/);
  expect(asked).toEqual([['/api/whoami?user=caf%C3%A9', `Bearer ${KEY}`]]);
});

it('an answer that redirects says where to, without a login', () => {
  const location = 'https://me:secret@example.com/api/whoami';
  const error = problemOf({ status: 301, headers: new Headers({ location }) }, '<html>', 0);
  expect(error.message).toBe(
    "301: It redirects to https://example.com/api/whoami, where the key is not sent: is the service's address another?",
  );
});

it.each([
  ['https://me:secret@h', 'https://h'],
  ['me:secret@h', 'h'],
  ['https:me:secret@h', 'https://h'],
  ['https:/me:sec/ret@h', 'https://h'],
  ['https://h/path', 'https://h/path'],
])('an address is shown without a login: %s', (url, shown) => {
  expect(withoutLogin(url)).toBe(shown);
});

describe('what no request can have', () => {
  it.each([`${KEY}\n# of my shop`, `${KEY}\u200b`, 'ключ'])('is no key: %j', (key) => {
    const said = (make: () => unknown) => {
      try {
        make();
      } catch (error) {
        return String(error);
      }
      return expect.unreachable('it is taken');
    };
    expect(said(() => clientOf([], key))).toBe(
      'TypeError: The key has a character that no key has.',
    );
    const url = 'https://api.example.com';
    const target = () => findTarget({ url, keyFile: undefined }, { ORDER_ANALYTICS_KEY: key });
    expect(said(target)).toMatch(/^\w*Error: The key is to be one line as oa_live_…/);
  });

  it('is no idempotency key', async () => {
    const { client, requests } = clientOf([() => json(200, stored('café'))]);
    await expect(client.upload([ORDER], { idempotencyKey: 'ключ' })).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });

  it('is an empty list, which would mean all there is', async () => {
    const { client, requests } = clientOf([() => json(200, stored('café'))]);
    await expect(client.stats({ status: [] })).rejects.toThrow('status is empty');
    expect(requests).toEqual([]);
  });

  it('is the password of an address, which is not said again', () => {
    const target = () =>
      findTarget({ url: 'https://me:secret@example.com', keyFile: undefined }, {});
    const told = 'must be as https://api.example.com: https://example.com';
    expect(target).toThrow(told);
    const options = { url: 'https://me:secret@example.com', user: 'me', key: KEY };
    expect(() => new OrderAnalyticsClient(options)).toThrow(new TypeError(`The url ${told}`));
  });

  it.each([
    'https://api.example.com?x=1',
    'https://api.example.com ',
    'https://a.example/#b',
  ])('is an address that no path can stand behind: %j', (url) => {
    const told = `must be as https://api.example.com: ${url}, which has a space, a ? or a #`;
    expect(() => new OrderAnalyticsClient({ url, user: 'me', key: KEY })).toThrow(told);
    expect(() => findTarget({ url, keyFile: undefined }, {})).toThrow(told);
  });
});

it('orders come once, also when two spellings of a number fall into two requests', async () => {
  const asked: string[][] = [];
  const { client } = clientOf([
    (request) => {
      const numbers = new URL(request.url).searchParams.getAll('order_number');
      asked.push(numbers);
      return json(200, { user: 'café', orders: [], not_found: numbers });
    },
  ]);
  const others = Array.from({ length: 99 }, (_, i) => `none-${i}`);
  const { not_found } = await client.ordersByNumber(['caf\u00e9-1', ...others, 'cafe\u0301-1']);
  expect(not_found).toEqual(['cafe\u0301-1', ...others]);
  expect(asked).toHaveLength(1);
});
