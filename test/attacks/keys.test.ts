import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSellerKey } from '../../cli/keys/seller-key.ts';
import { createSigner } from '../../cli/target/sign.ts';
import { isRouteKey, ROUTES, type Route, SCOPES, type Scope } from '../../functions/routes.ts';
import type { Service } from '../../local/service/service.ts';
import { startTestService } from '../helpers/service.ts';
import { TestClock } from '../helpers/test-clock.ts';
import {
  bearer,
  expectProblem,
  GATEWAYS_401,
  type HttpClient,
  httpClient,
  idOf,
  uploadOf,
} from './http-client.ts';

// Tries to get in, over HTTP, through the very bundles.

/** How long API Gateway remembers a key. */
const REMEMBERED_MS = 60_000;

const clock = new TestClock();
let service: Service;
let api: HttpClient;
let db: pg.Client;
let key: string; // of test_seller
beforeAll(async () => {
  service = await startTestService({ clock });
  api = httpClient(service.endpoints);
  db = new pg.Client(service.endpoints.postgres);
  await db.connect();
});
afterAll(async () => {
  await db.end();
  await service[Symbol.asyncDispose]();
});
beforeEach(async () => {
  clock.sleepUntil(new Date().toISOString()); // or clients would sign too late
  key = await createSellerKey(service.endpoints, 'test_seller');
});

const set = (one: string, column: string, value: string) =>
  db.query(`UPDATE seller_keys SET ${column} = ${value} WHERE id = $1`, [idOf(one)]);
const storedOrders = async () => (await db.query('SELECT FROM orders')).rowCount;

const NO_KEY = 'Send a key of this service as Authorization: Bearer oa_….';

describe('a request without a key', () => {
  it('gets no further than API Gateway', async () => {
    expect(await api.stats({})).toMatchObject(GATEWAYS_401);
    expect(await api.stats({ authorization: '' })).toMatchObject(GATEWAYS_401);
    expect(await api.upload({})).toMatchObject(GATEWAYS_401);
  });

  it.each([
    'key',
    'authorization',
    'Authorization',
    'access_token',
    'token',
  ])('is none the better for a key in the query as %s', async (name) => {
    const query = `?user=test_seller&${name}=${encodeURIComponent(`Bearer ${key}`)}`;
    expect(await api.stats({}, query)).toMatchObject(GATEWAYS_401);
  });
});

describe('a request with a wrong key', () => {
  const flipped = (text: string) =>
    `${text.slice(0, -1)}${(Number.parseInt(text.at(-1)!, 16) ^ 1).toString(16)}`;
  const secretOf = (text: string) => text.split('_')[3] ?? '';

  it.each<[string, (key: string) => string]>([
    ['that differs in the last bit', (right) => `Bearer ${flipped(right)}`],
    ['in upper case', (right) => `Bearer ${right.toUpperCase()}`],
    ['of production', (right) => `Bearer ${right.replace('oa_test_', 'oa_live_')}`],
    ['that is the id alone', (right) => `Bearer oa_test_${idOf(right)}`],
    ['with an empty secret', (right) => `Bearer oa_test_${idOf(right)}_`],
    ['that is the secret alone', (right) => `Bearer ${secretOf(right)}`],
    ['of an id that nobody has', (right) => `Bearer oa_test_aaaaaaaaaaaa_${secretOf(right)}`],
    ['behind another word', (right) => `Basic ${right}`],
    ['twice', (right) => `Bearer ${right}, Bearer ${right}`],
    ['with something behind it', (right) => `Bearer ${right}%00`],
    ['that is SQL', () => `Bearer ' OR '1'='1`],
    ['that is SQL behind an id', (right) => `Bearer oa_test_${idOf(right)}_' OR 1=1 --`],
    ['that is a password of the service', () => 'Bearer local'],
    ['of 9 KB', () => `Bearer ${'a'.repeat(9_000)}`],
  ])('%s is a 401 with a reason, and nothing is stored', async (_what, wrong) => {
    const authorization = wrong(key);
    const before = await storedOrders();
    expectProblem(await api.stats({ authorization }), 401, NO_KEY);
    expectProblem(await api.upload({ authorization }), 401, NO_KEY);
    expectProblem(await api.upload({ authorization }, 'no JSON at all'), 401, NO_KEY);
    expect(await storedOrders()).toBe(before);
    expect((await api.stats(bearer(key))).status).toBe(200); // the right one is not locked out
  });

  it('in more than 10 KB of header is refused by API Gateway', async () => {
    const answer = await api.stats({ authorization: `Bearer ${'a'.repeat(10_240)}` });
    expect(answer.status).toBe(431);
  });

  it('beside a right one, in two headers, is refused whichever comes first', async () => {
    const path = '/api/orders/stats?user=test_seller';
    const both = [`Bearer ${key}`, `Bearer ${flipped(key)}`];
    expect(await api.raw(path, { authorization: both })).toBe(401);
    expect(await api.raw(path, { authorization: both.toReversed() })).toBe(401);
    expect(await api.raw(path, { authorization: [both[0]!, both[0]!] })).toBe(401);
  });
});

describe('a right key', () => {
  it('opens the door however header and scheme are written', async () => {
    const path = '/api/orders/stats?user=test_seller';
    expect(await api.raw(path, { AUTHORIZATION: `bearer ${key}` })).toBe(200);
    expect(await api.raw(path, { Authorization: `BEARER  ${key}` })).toBe(200);
  });

  it("opens no other seller's door, neither by the body nor by the query", async () => {
    const other = await createSellerKey(service.endpoints, 'other_seller');
    const ANOTHERS = "This key is another seller's than the user named.";
    const before = await storedOrders();
    for (const user of ['test_seller', 'TEST_SELLER', 'test_seller ', 'nobody', '']) {
      const mine = user === 'test_seller' ? other : key;
      const query = `?user=${encodeURIComponent(user)}`;
      const [asked, stored] = [
        await api.stats(bearer(mine), query),
        await api.upload(bearer(mine), uploadOf(user)),
      ];
      expect([asked.status, stored.status]).toEqual(user ? [403, 403] : [400, 400]);
      if (user) for (const answer of [asked, stored]) expectProblem(answer, 403, ANOTHERS);
    }
    const daily = await api.ask('/api/orders/stats/daily?user=test_seller', {
      headers: bearer(other),
    });
    expectProblem(daily, 403, ANOTHERS);
    expect((await api.stats(bearer(key), '?user=test_seller&user=other_seller')).status).toBe(400);
    expect(await storedOrders()).toBe(before);
  });

  it('does what its scopes say and nothing else', async () => {
    const make = (scope: string) =>
      createSellerKey(service.endpoints, 'test_seller', { scopes: [scope] });
    const [writer, reader] = [await make('orders:write'), await make('stats:read')];
    expect((await api.upload(bearer(writer))).status).toBe(200);
    expectProblem(await api.stats(bearer(writer)), 403, 'This key has not the scope stats:read.');
    expect((await api.stats(bearer(reader))).status).toBe(200);
    expectProblem(
      await api.upload(bearer(reader)),
      403,
      'This key has not the scope orders:write.',
    );
  });

  it('opens nothing once it has expired', async () => {
    await set(key, 'expires_at', `now() - interval '1 second'`);
    expectProblem(await api.stats(bearer(key)), 401, 'This key has expired.');
  });

  it('opens nothing once it is revoked, within a minute also where it was just in use', async () => {
    expect((await api.stats(bearer(key))).status).toBe(200);
    expect((await api.changeKeys(`${idOf(key)}/revoke`, {})).status).toBe(200);
    clock.pass(REMEMBERED_MS - 1_000);
    await api.stats(bearer(key)); // may still be remembered
    clock.pass(2_000);
    expectProblem(await api.stats(bearer(key)), 401, 'This key has been revoked.');
    expectProblem(await api.upload(bearer(key)), 401, 'This key has been revoked.');
  });

  it('lives on beside the one that replaces it, for the overlap', async () => {
    const rotated = await api.changeKeys(`${idOf(key)}/rotate`, { overlap_hours: 2 });
    const next = (await rotated.json()) as { key: string };
    expect((await api.stats(bearer(key))).status).toBe(200);
    expect((await api.stats(bearer(next.key))).status).toBe(200);

    await set(key, 'expires_at', `expires_at - interval '2 hours'`); // two hours later
    clock.pass(REMEMBERED_MS);
    expectProblem(await api.stats(bearer(key)), 401, 'This key has expired.');
    expect((await api.stats(bearer(next.key))).status).toBe(200);
  });
});

describe('SQL', () => {
  const SQL = "'; DROP TABLE orders; --";

  it('in every field is text, and nothing more', async () => {
    const thief = await createSellerKey(service.endpoints, SQL);
    const nasty = uploadOf(
      SQL,
      { order_number: SQL, status: "', (SELECT 1)" },
      { sku: '$1::int', name: `:x"); DELETE FROM users; /*` },
    );
    expect((await api.upload(bearer(thief), nasty)).status).toBe(200);
    const query = (fields: Record<string, string>) => `?${new URLSearchParams(fields)}`;
    expect((await api.stats(bearer(thief), query({ user: SQL, status: SQL }))).status).toBe(200);
    const badDay = await api.stats(bearer(thief), query({ user: SQL, from: SQL }));
    expect(badDay.status).toBe(400);
    for (const field of ['created_at', 'total_amount']) {
      expect((await api.upload(bearer(thief), uploadOf(SQL, { [field]: SQL }))).status).toBe(400);
    }
    const labelled = await api.changeKeys('', { user: SQL, label: SQL });
    expect(await labelled.json()).toMatchObject({ user: SQL, label: SQL });
    expect((await api.changeKeys(`${encodeURIComponent(SQL)}/revoke`, {})).status).toBe(404);

    const { rows } = await db.query(
      `SELECT username, order_number, status, sku, name FROM orders
       JOIN users ON users.id = user_id JOIN order_items ON order_id = orders.id
       WHERE username = $1`,
      [SQL],
    );
    expect(rows).toEqual([
      {
        username: SQL,
        order_number: SQL,
        status: "', (SELECT 1)",
        sku: '$1::int',
        name: `:x"); DELETE FROM users; /*`,
      },
    ]);
  });
});

/** The addresses of all that people's programs change. */
const changes = () => [
  ...['', `/${idOf(key)}/rotate`, `/${idOf(key)}/revoke`].map((path) => `/admin/api/keys${path}`),
  '/admin/api/sellers/erase',
];

describe('the routes for people', () => {
  it('are closed to sellers and to whoever does not sign', async () => {
    for (const path of [
      '/admin',
      '/admin/api/keys?user=test_seller',
      '/admin/api/sellers?user=test_seller',
      '/admin/orders',
    ]) {
      expect((await api.ask(path)).status).toBe(403);
      expect((await api.ask(path, { headers: bearer(key) })).status).toBe(403);
    }
    for (const path of changes()) {
      const sent = { method: 'POST', headers: bearer(key), body: '{}' };
      expect((await api.ask(path, sent)).status).toBe(403);
    }
    expect((await api.stats(bearer(key))).status).toBe(200);
  });
});

describe('a page of somebody else, in the browser of a person with the admin open', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ])('can change no key and erase no seller with the form that it sends (%s)', async (type) => {
    const { api: origin, dataApi, credentials } = service.endpoints;
    const sign = createSigner({ origin, region: dataApi.region, credentials });
    const before = await db.query('SELECT * FROM seller_keys ORDER BY id');
    for (const path of changes()) {
      const body = Buffer.from('{"user": "test_seller", "confirm": "test_seller"}');
      const signed = await sign({
        method: 'POST',
        path,
        query: new URLSearchParams(),
        headers: type ? { 'content-type': type } : {},
        body,
      });
      const { headers } = signed;
      const answer = await api.ask(signed.path, { method: 'POST', headers, body });
      expectProblem(answer, 415, 'Send application/json.');
    }
    expect((await db.query('SELECT * FROM seller_keys ORDER BY id')).rows).toEqual(before.rows);
  });
});

/** The parameters that routes must have beside `user`. */
const NEEDED: Readonly<Record<string, string>> = {
  'DELETE /api/orders': '&order_number=no%20such',
  'GET /api/orders/digest': '&from=2025-11-12&to=2025-11-13',
};

describe("every seller's route", () => {
  it("is closed to another seller's key and to one without the scope, and open to the right one", async () => {
    const routeKeys = service.app.httpApis
      .flatMap((one) => one.routes)
      .filter(({ authorization }) => authorization.type === 'CUSTOM')
      .map(({ routeKey }) => routeKey);
    expect(routeKeys.length).toBeGreaterThanOrEqual(3);
    const uploaded = await api.upload(
      bearer(key),
      uploadOf('test_seller', { order_number: 'own' }),
    );
    uploadId = JSON.parse(uploaded.text).upload_id;
    const before = await storedOrders();
    for (const routeKey of routeKeys) {
      const scope = scopeOf(routeKey);
      const others = SCOPES.filter((one) => one !== scope);
      const another = await createSellerKey(service.endpoints, 'other');
      const lacking = await createSellerKey(service.endpoints, 'test_seller', { scopes: others });
      expect([routeKey, await statusOf(routeKey, another)]).toEqual([routeKey, 403]);
      if (routeKey.includes('{id}')) {
        expect([routeKey, await statusOf(routeKey, another, '')]).toEqual([routeKey, 404]);
      }
      expect([routeKey, await statusOf(routeKey, lacking)]).toEqual([routeKey, scope ? 403 : 200]);
    }
    expect(await storedOrders()).toBe(before);
    for (const routeKey of routeKeys) {
      expect([routeKey, await statusOf(routeKey, key)]).toEqual([routeKey, 200]);
    }
  });

  let uploadId = '';

  function scopeOf(routeKey: string): Scope | null | undefined {
    const route: Route | undefined = isRouteKey(routeKey) ? ROUTES[routeKey] : undefined;
    return route?.access === 'key' ? route.scope : undefined;
  }

  /** Of a request that is right but for its key. */
  async function statusOf(routeKey: string, sent: string, user = 'user=test_seller') {
    const [method = '', path = ''] = routeKey.replace('{id}', uploadId).split(' ');
    const body = method === 'GET' ? undefined : JSON.stringify(uploadOf('test_seller'));
    const headers = { 'content-type': 'application/json', ...bearer(sent) };
    const query = `${user}${NEEDED[routeKey] ?? ''}`;
    return (await api.ask(`${path}?${query}`, { method, headers, body })).status;
  }
});

describe('every route', () => {
  it('but the document and its page is closed: to sellers by a key, to people by IAM, and by its function without either', async () => {
    const routes = service.app.httpApis.flatMap((one) => one.routes);
    const open = routes.filter(({ authorization }) => authorization.type === 'NONE');
    expect(open.map(({ routeKey }) => routeKey)).toEqual([
      'GET /api/openapi.json',
      'GET /api/docs',
    ]);
    const closed = routes.filter((route) => !open.includes(route));
    expect(closed.length).toBeGreaterThan(5);
    for (const { routeKey, authorization, function: fn } of closed) {
      const [method = '', path = ''] = routeKey.split(' ');
      const invocation = await service.invoke(fn, {
        version: '2.0',
        routeKey,
        rawPath: path,
        rawQueryString: 'user=test_seller',
        headers: { 'content-type': 'application/json' },
        body: method === 'POST' ? JSON.stringify(uploadOf('test_seller')) : undefined,
        isBase64Encoded: false,
        pathParameters: { id: idOf(key) },
        requestContext: { requestId: 'forged', routeKey, domainName: 'x', http: { method, path } },
      });
      const { statusCode } = invocation.ok ? JSON.parse(invocation.json) : { statusCode: 500 };
      expect([routeKey, statusCode]).toEqual([
        routeKey,
        authorization.type === 'CUSTOM' ? 401 : 403,
      ]);
    }
  });
});
