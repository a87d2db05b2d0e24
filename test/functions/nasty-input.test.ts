import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { HonoRequest } from 'hono/request';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DatabaseClock } from '../../db/data-api/database-clock.ts';
import { uploadOrders } from '../../db/uploads/upload-orders.ts';
import { KEY_ENVIRONMENT } from '../../functions/shared/env.ts';
import { QueryString } from '../../functions/shared/query-string.ts';
import { readCloudAssembly } from '../../local/cloud-assembly/read.ts';
import { lambdaContext } from '../helpers/events.ts';
import { order } from '../helpers/orders.ts';
import { type AdminPages, type Answer, adminEvent, openAdmin } from './admin/pages.ts';

// Whatever is in an address or a form of the admin: it is answered, and never by a failure of ours. Routes
// are those of the apps and of the synthesized API, parameters those that the routes are seen to read, so
// that a new one is tried without being named here.

const NASTY = [
  '',
  ' ',
  '\0',
  'a\0b',
  '%00',
  '%',
  '%ff',
  '%ed%a0%80',
  '\u{10ffff}',
  '\ufffd',
  '\ufeff',
  '\u202e\u200b\u00a0\u2028',
  '\r\nx-injected: y',
  '\t',
  '\x7f\x01',
  'е'.repeat(300),
  'ё'.repeat(255),
  'ёе '.repeat(100),
  '"'.repeat(255),
  'İ'.repeat(50),
  'ß'.repeat(300),
  '🫖'.repeat(150),
  'Ж',
  'x'.repeat(301),
  'x'.repeat(8_000),
  '\x01'.repeat(300),
  'e\u0301'.repeat(100),
  `"'><script>x</script>`,
  `'; DROP TABLE orders; --`,
  '{}',
  '{a,"b',
  '[]',
  '\\',
  '\\x00',
  '%_%',
  ':q1',
  'NULL',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  'true',
  'NaN',
  'Infinity',
  '-Infinity',
  '1e400',
  '1e5',
  '0x10',
  '-1',
  '-0',
  '0',
  '1',
  '500',
  '2147483648',
  '4294967296',
  '9223372036854775808',
  '9'.repeat(40),
  '1,5',
  '1,234',
  '1.5',
  '−1',
  '+1',
  '１２',
  '.',
  '..',
  '/',
  '//',
  '../..',
  '?',
  '#',
  '&',
  '=',
  '+',
  ';',
  '2025-11-12',
  '2025-02-30',
  '0000-00-00',
  '1969-12-31',
  '1970-01-01',
  '9999-12-31',
  '10000-01-01',
  '+010000-01-01',
  'infinity',
  '-infinity',
  'today',
  '2025-11-12T10:00:00.000000Z_1',
  '2025-02-30T00:00:00.000000Z_1',
  '2025-11-12T25:00:00.000000Z_1',
  '2025-11-12T10:60:00.000000Z_1',
  '2025-11-12T10:00:60.000000Z_1',
  '0000-01-01T00:00:00.000000Z_1',
  '10000-01-01T00:00:00.000000Z_1',
  '9999-12-31T23:59:59.999999Z_999999999999999999',
  '2025-11-12T10:00:00.000000Z_9999999999999999999',
  '-9999999999.99_1',
  '99999999999.00_1',
  '1.00_0',
  'oldest',
  'highest',
  'semicolon',
  'delivered',
  'nasty',
  '00000000-0000-0000-0000-000000000000',
  '00000000-0000-0000-0000-00000000000g',
  'abcdefabcdef',
  'ABCDEFABCDEF',
  `oa_test_abcdefabcdef_${'0'.repeat(64)}`,
  'orders:write',
];

interface Route {
  readonly method: string;
  /** As a Hono app writes it, or API Gateway. */
  readonly path: string;
  readonly handler: (event: APIGatewayProxyEventV2) => Promise<Answer>;
  readonly isJson: boolean;
  /** What the route reads of the query or the form. */
  readonly names: string[];
}

let admin: AdminPages;
let routes: Route[];
let gatewayRoutes: string[];

beforeAll(async () => {
  admin = await openAdmin();
  // Not imported above: what they import reads how much to log when it is loaded.
  const { adminApp } = await import('../../functions/admin/app.ts');
  const { keyPages } = await import('../../functions/keys/pages/routes.ts');
  const adminHandler = (await import('../../functions/admin/handler.ts')).handler;
  Object.assign(process.env, admin.environmentOf('keys'), { [KEY_ENVIRONMENT]: 'test' });
  const keysHandler = (await import('../../functions/keys/handler.ts')).handler;
  await uploadOrders(admin.db, 'nasty', [
    order({ order_number: 'x' }),
    order({ order_number: '1', created_at: '9999-12-31T23:59:59.999999Z' }),
  ]);

  gatewayRoutes = readCloudAssembly(inject('cloud').assembly)
    .httpApis.flatMap((api) => api.routes)
    .map(({ routeKey }) => routeKey)
    .filter((routeKey) => routeKey.includes(' /admin'));
  const to = (handler: unknown) => (event: APIGatewayProxyEventV2) =>
    (handler as (...of: unknown[]) => Promise<Answer>)(event, lambdaContext());
  const pages = (app: ReturnType<typeof adminApp>, handler: unknown) =>
    app.routes
      .filter(({ method, path }) => method !== 'ALL' && path !== '/*')
      .map(({ method, path }) => ({
        method,
        path,
        handler: to(handler),
        isJson: false,
        names: [],
      }));
  const api = gatewayRoutes
    .filter((routeKey) => routeKey.includes('/admin/api/'))
    .map((routeKey) => routeKey.split(' ') as [string, string])
    .map(([method, path]) => ({ method, path, handler: to(keysHandler), isJson: true, names: [] }));
  routes = [
    ...pages(adminApp(admin.db), adminHandler),
    ...pages(keyPages(admin.db, new DatabaseClock(admin.db)), keysHandler),
    ...api,
  ];
  for (const route of routes) await watchNames(route);
}, 120_000);
afterAll(() => admin.drop());

type Reader = (this: unknown, name?: unknown) => unknown;

/** What a route reads parameters by. */
const READERS = [
  [URLSearchParams.prototype, 'get'],
  [URLSearchParams.prototype, 'getAll'],
  [QueryString.prototype, 'many'],
  [HonoRequest.prototype, 'query'],
] as unknown as [Record<string, Reader>, string][];

/** Calls a route and keeps the names of what it asks for; then again with these, to see what it asks for more. */
async function watchNames(route: Route) {
  const originals = READERS.map(([prototype, method]) => prototype[method]!);
  for (let i = 0; i < 2; i++) {
    const event = eventOf(route, '1', Object.fromEntries(route.names.map((name) => [name, '1'])));
    READERS.forEach(([prototype, method], i) => {
      prototype[method] = function (name) {
        if (typeof name === 'string' && !route.names.includes(name)) route.names.push(name);
        return originals[i]!.call(this, name);
      };
    });
    await route.handler(event);
    READERS.forEach(([prototype, method], i) => {
      prototype[method] = originals[i]!;
    });
  }
}
const PARAMETER = /:\w+(\{[^}]*\})?|\{\w+\+?\}/;

type Call = [
  inPath: string,
  parameters: Record<string, string>,
  fields?: Partial<APIGatewayProxyEventV2>,
];

const call = (route: Route, ...how: Call) => route.handler(eventOf(route, ...how));

/** A call of a route with something in its path, and parameters in its query or its form. */
function eventOf(
  { method, path, isJson }: Route,
  ...[inPath, parameters, fields = {}]: Call
): APIGatewayProxyEventV2 {
  const query = Object.entries(parameters)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
  const isForm = method === 'POST' && !isJson;
  const event = adminEvent('', {
    routeKey: isJson ? `${method} ${path}` : `${method} /admin/{proxy+}`,
    rawPath: path.replace(PARAMETER, () => inPath),
    ...(isJson && { pathParameters: { id: inPath } }),
    ...(isForm ? { body: Buffer.from(query).toString('base64'), isBase64Encoded: true } : {}),
    rawQueryString: isForm ? '' : query,
    ...(isJson && method === 'POST' && { body: '{}' }),
    headers: {
      'content-type': isJson ? 'application/json' : 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
    },
    ...fields,
  });
  event.requestContext.http.method = method;
  return event;
}

/** What is wrong with an answer, whatever was asked. */
function faults({ statusCode = 0, headers = {}, body }: Answer): string[] {
  const odd = Object.entries(headers).filter(([, value]) => !/^[\x20-\x7e]*$/.test(String(value)));
  return [
    ...(statusCode < 200 || statusCode >= 500 ? [`status ${statusCode}`] : []),
    ...odd.map(([name]) => `header ${name}`),
    ...(Object.hasOwn(headers, 'x-injected') ? ['an injected header'] : []),
    ...(JSON.stringify(body).length > 6_000_000 ? ['too long'] : []),
    ...(/html/.test(String(headers['content-type'])) && body.includes('<script')
      ? ['a script']
      : []),
  ];
}

/** Calls them all, a few at once, and answers those that were answered badly. */
async function tryAll(
  calls: { readonly what: string; readonly run: () => Promise<Answer> }[],
): Promise<string[]> {
  const bad: string[] = [];
  const left = calls.values();
  const worker = async () => {
    for (const { what, run } of left) {
      const found = await run().then(faults, (error: Error) => [`threw ${error.message}`]);
      if (found.length > 0) bad.push(`${what}: ${found.join(', ')}`);
    }
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return bad;
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`;
const shown = (value: string) => JSON.stringify(value.slice(0, 60));

describe('nasty input', { timeout: 300_000 }, () => {
  it('reaches every route of the admin that there is, and what each of them reads', () => {
    const tried = routes.map(nameOf);
    for (const routeKey of gatewayRoutes) {
      const [start = ''] = routeKey.split('{');
      expect([routeKey, tried.some((name) => name.startsWith(start))]).toEqual([routeKey, true]);
    }
    const list = routes.find(({ path }) => path === '/admin/orders');
    expect(list?.names).toEqual(
      expect.arrayContaining([
        'q',
        'status',
        'seller',
        'from',
        'to',
        'min',
        'max',
        'after',
        'before',
      ]),
    );
    const create = routes.find(
      ({ method, path }) => method === 'POST' && path === '/admin/keys/new',
    );
    expect(create?.names).toEqual(expect.arrayContaining(['user', 'scope', 'last_day', 'id']));
  });

  it('in a path is answered', async () => {
    const calls = routes
      .filter(({ path }) => PARAMETER.test(path))
      .flatMap((route) =>
        NASTY.map((value) => ({
          what: `${nameOf(route)} ${shown(value)}`,
          run: () => call(route, value, {}),
        })),
      );
    expect(await tryAll(calls)).toEqual([]);
  });

  it('in any one parameter is answered', async () => {
    const calls = routes.flatMap((route) =>
      route.names.flatMap((name) =>
        NASTY.map((value) => ({
          what: `${nameOf(route)} ${name}=${shown(value)}`,
          run: () => call(route, 'abcdefabcdef', { [name]: value }),
        })),
      ),
    );
    expect(calls.length).toBeGreaterThan(2_000);
    expect(await tryAll(calls)).toEqual([]);
  });

  it('in several parameters at once is answered', async () => {
    const nasty = fc.constantFrom(...NASTY);
    const cases = fc.sample(
      fc.integer({ min: 0, max: routes.length - 1 }).chain((index) => {
        const route = routes[index]!;
        const parameters = fc.record(Object.fromEntries(route.names.map((name) => [name, nasty])), {
          requiredKeys: [],
        });
        return fc.tuple(
          fc.constant(route),
          nasty,
          parameters as fc.Arbitrary<Record<string, string>>,
        );
      }),
      { numRuns: 400, seed: 12 },
    );
    const calls = cases.map(([route, inPath, parameters]) => ({
      what: `${nameOf(route)} ${shown(inPath)} ${JSON.stringify(parameters)}`,
      run: () => call(route, inPath, parameters),
    }));
    expect(await tryAll(calls)).toEqual([]);
  });

  it('in a query that is no query is answered', async () => {
    const queries = [
      '%',
      '%00',
      '%ff=%ff',
      '&&=&',
      '=',
      'q=%e0%a4%a',
      'q=a%00',
      'number=%ff',
      'Ж=Ж',
      '?',
    ];
    const calls = routes.flatMap((route) =>
      queries.map((rawQueryString) => ({
        what: `${nameOf(route)}?${rawQueryString}`,
        run: () => call(route, 'abcdefabcdef', {}, { rawQueryString }),
      })),
    );
    expect(await tryAll(calls)).toEqual([]);
  });

  it('in a header or a form that is none is answered', async () => {
    const values = ['Ж', '\u{1f375}', '\0', '\r\n', '\x80\xff', 'x'.repeat(8_000), '\ud800'];
    const headers = [
      'content-type',
      'sec-fetch-site',
      'cookie',
      'host',
      'user-agent',
      'x-of_ours',
      'no name',
      'Ж',
    ];
    const calls = routes.flatMap((route) => [
      ...headers.flatMap((name) =>
        values.map((value) => ({
          what: `${nameOf(route)} ${shown(name)}: ${shown(value)}`,
          run: () =>
            call(
              route,
              'abcdefabcdef',
              {},
              {
                headers: { 'sec-fetch-site': 'same-origin', [name]: value },
                cookies: [value],
              },
            ),
        })),
      ),
      ...['\xff\0', '%00', 'user=%ff&scope=%00', `user=${'"'.repeat(4_000_000)}`].map((body) => ({
        what: `${nameOf(route)} with ${shown(body)}`,
        run: () => call(route, 'abcdefabcdef', {}, { body, isBase64Encoded: false }),
      })),
    ]);
    expect(await tryAll(calls)).toEqual([]);
  });

  it('in the JSON of keys is answered', async () => {
    const fields = ['user', 'label', 'scopes', 'expires_at', 'overlap_hours', '__proto__'];
    const instants = [
      '9999-12-31T23:59:59-05:00',
      '9999-12-31T23:59:59Z',
      '2999-02-30T00:00:00Z',
      '2999-01-01T24:00:00Z',
    ];
    const values = [
      ...NASTY,
      ...instants,
      0,
      -1,
      1.5,
      1e300,
      720,
      null,
      true,
      [],
      {},
      [[]],
      ['\0'],
    ];
    const calls = routes
      .filter(({ isJson, method }) => isJson && method === 'POST')
      .flatMap((route) =>
        fields.flatMap((field) =>
          values.map((value) => ({
            what: `${nameOf(route)} {"${field}": ${JSON.stringify(value)?.slice(0, 60)}}`,
            run: () => {
              const others = route.path.endsWith('keys') ? { user: 'nasty' } : {};
              const body = JSON.stringify({ ...others, [field]: value });
              return call(route, 'abcdefabcdef', {}, { body });
            },
          })),
        ),
      );
    const many = JSON.stringify({ user: 'nasty', scopes: Array(300_000).fill(0) });
    calls.push(
      ...routes
        .filter(({ isJson, method }) => isJson && method === 'POST')
        .map((route) => ({
          what: `${nameOf(route)} many scopes`,
          run: () => call(route, 'abcdefabcdef', {}, { body: many }),
        })),
    );
    expect(await tryAll(calls)).toEqual([]);
  });
});
