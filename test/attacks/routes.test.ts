import { describe, expect, it } from 'vitest';
import { createSellerKey } from '../../cli/keys/seller-key.ts';
import { createSigner } from '../../cli/target/sign.ts';
import { isRouteKey, ROUTES, type Route, SCOPES, type Scope } from '../../functions/routes.ts';
import { useAttackedService } from './attacked-service.ts';
import { bearer, expectProblem, idOf, uploadOf } from './http-client.ts';

// Tries every route as somebody whom it is not for.

const test = useAttackedService();

/** The addresses of all that people's programs change. */
const changes = () => [
  ...['', `/${idOf(test.key)}/rotate`, `/${idOf(test.key)}/revoke`].map(
    (path) => `/admin/api/keys${path}`,
  ),
  '/admin/api/sellers/erase',
];

/** The addresses of forms that change something. */
const FORMS = [
  '/admin/actions/delete-order',
  '/admin/actions/undo-upload',
  '/admin/actions/seller-note',
  '/admin/erase-seller',
  '/admin/keys/new',
];

describe('the routes for people', () => {
  it('are closed to sellers and to whoever does not sign', async () => {
    for (const path of [
      '/admin',
      '/admin/api/keys?user=test_seller',
      '/admin/api/sellers?user=test_seller',
      '/admin/orders',
    ]) {
      expect((await test.api.ask(path)).status).toBe(403);
      expect((await test.api.ask(path, { headers: bearer(test.key) })).status).toBe(403);
    }
    for (const path of [...changes(), ...FORMS]) {
      const sent = { method: 'POST', headers: bearer(test.key), body: '{}' };
      expect((await test.api.ask(path, sent)).status).toBe(403);
    }
    expect((await test.api.stats(bearer(test.key))).status).toBe(200);
  });
});

describe('a page of somebody else, in the browser of a person with the admin open', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    '',
  ])('can change no key and erase no seller with the form that it sends (%s)', async (type) => {
    const { api: origin, dataApi, credentials } = test.service.endpoints;
    const sign = createSigner({ origin, region: dataApi.region, credentials });
    const before = await test.db.query('SELECT * FROM seller_keys ORDER BY id');
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
      const answer = await test.api.ask(signed.path, { method: 'POST', headers, body });
      expectProblem(answer, 415, 'Send application/json.');
    }
    expect((await test.db.query('SELECT * FROM seller_keys ORDER BY id')).rows).toEqual(
      before.rows,
    );
  });
});

describe('a form of the admin', () => {
  const post = async (path: string, headers: Record<string, string>, method = 'POST') => {
    const { api: origin, dataApi, credentials } = test.service.endpoints;
    const sign = createSigner({ origin, region: dataApi.region, credentials });
    const body = Buffer.from('number=1&seller=test_seller&name=test_seller&note=x');
    const signed = await sign({ method, path, query: new URLSearchParams(), headers, body });
    return test.api.ask(signed.path, { method, headers: signed.headers, body });
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each(FORMS)('is taken from no other site: %s', async (path) => {
    expect((await post(path, form)).status).toBe(403);
    for (const site of ['cross-site', 'same-site', 'none']) {
      expect((await post(path, { ...form, 'sec-fetch-site': site })).status).toBe(403);
    }
  });

  it.each(FORMS)('is taken by no other method: %s', async (path) => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const { status } = await post(path, { ...form, 'sec-fetch-site': 'same-origin' }, method);
      expect(status).toBe(404); // API Gateway's own: there is no such route
    }
  });
});

/** The parameters that routes must have beside `user`. */
const NEEDED: Readonly<Record<string, string>> = {
  'DELETE /api/orders': '&order_number=no%20such',
  'GET /api/orders/digest': '&from=2025-11-12&to=2025-11-13',
};

describe("every seller's route", () => {
  it("is closed to another seller's key and to one without the scope, and open to the right one", async () => {
    const routeKeys = test.service.app.httpApis
      .flatMap((one) => one.routes)
      .filter(({ authorization }) => authorization.type === 'CUSTOM')
      .map(({ routeKey }) => routeKey);
    expect(routeKeys.length).toBeGreaterThanOrEqual(3);
    const uploaded = await test.api.upload(
      bearer(test.key),
      uploadOf('test_seller', { order_number: 'own' }),
    );
    uploadId = JSON.parse(uploaded.text).upload_id;
    const before = await test.storedOrders();
    for (const routeKey of routeKeys) {
      const scope = scopeOf(routeKey);
      const others = SCOPES.filter((one) => one !== scope);
      const another = await createSellerKey(test.service.endpoints, 'other');
      const lacking = await createSellerKey(test.service.endpoints, 'test_seller', {
        scopes: others,
      });
      expect([routeKey, await statusOf(routeKey, another)]).toEqual([routeKey, 403]);
      if (routeKey.includes('{id}')) {
        expect([routeKey, await statusOf(routeKey, another, '')]).toEqual([routeKey, 404]);
      }
      expect([routeKey, await statusOf(routeKey, lacking)]).toEqual([routeKey, scope ? 403 : 200]);
    }
    expect(await test.storedOrders()).toBe(before);
    for (const routeKey of routeKeys) {
      expect([routeKey, await statusOf(routeKey, test.key)]).toEqual([routeKey, 200]);
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
    return (await test.api.ask(`${path}?${query}`, { method, headers, body })).status;
  }
});

describe('every route', () => {
  it('but the document and its page is closed: to sellers by a key, to people by IAM, and by its function without either', async () => {
    const routes = test.service.app.httpApis.flatMap((one) => one.routes);
    const open = routes.filter(({ authorization }) => authorization.type === 'NONE');
    expect(open.map(({ routeKey }) => routeKey)).toEqual([
      'GET /api/openapi.json',
      'GET /api/docs',
    ]);
    const closed = routes.filter((route) => !open.includes(route));
    expect(closed.length).toBeGreaterThan(5);
    for (const { routeKey, authorization, function: fn } of closed) {
      const [method = '', path = ''] = routeKey.split(' ');
      const invocation = await test.service.invoke(fn, {
        version: '2.0',
        routeKey,
        rawPath: path,
        rawQueryString: 'user=test_seller',
        headers: { 'content-type': 'application/json' },
        body: method === 'POST' ? JSON.stringify(uploadOf('test_seller')) : undefined,
        isBase64Encoded: false,
        pathParameters: { id: idOf(test.key) },
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
