import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from './admin/pages.ts';
import { call, nameOf, openRoutes, type TriedRoutes, takesPath } from './admin/tried-routes.ts';
import { NASTY } from './nasty-values.ts';

// Whatever is in an address or a form of the admin: it is answered, and never by a failure of ours.
// Routes are those of the apps and of the synthesized API, parameters those that the routes are
// seen to read, so that a new one is tried without being named here.

let tried: TriedRoutes;
let routes: TriedRoutes['routes'];

beforeAll(async () => {
  tried = await openRoutes();
  routes = tried.routes;
});
afterAll(() => tried.drop());

/** What is wrong with an answer, whatever was asked. */
function faults({ statusCode = 0, headers = {}, body }: Answer): string[] {
  const odd = Object.entries(headers).filter(([, value]) => !/^[\x20-\x7e]*$/.test(String(value)));
  return [
    ...(statusCode < 200 || statusCode >= 500 ? [`status ${statusCode}`] : []),
    ...odd.map(([name]) => `header ${name}`),
    ...(Object.hasOwn(headers, 'x-injected') ? ['an injected header'] : []),
    ...(isTooLong(body) ? ['too long'] : []),
    ...(/html/.test(String(headers['content-type'])) && body.includes('<script')
      ? ['a script']
      : []),
  ];
}

/** For Lambda. A character takes six at the most, as `\\u0001`. */
const isTooLong = (body: string) =>
  body.length > 1_000_000 && JSON.stringify(body).length > 6_000_000;

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

const shown = (value: string) => JSON.stringify(value.slice(0, 60));

describe('nasty input', () => {
  it('reaches every route of the admin that there is, and what each of them reads', () => {
    const names = routes.map(nameOf);
    for (const routeKey of tried.gatewayRoutes) {
      const [start = ''] = routeKey.split('{');
      expect([routeKey, names.some((name) => name.startsWith(start))]).toEqual([routeKey, true]);
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
    const calls = routes.filter(takesPath).flatMap((route) =>
      NASTY.map((value) => ({
        what: `${nameOf(route)} ${shown(value)}`,
        run: () => call(route, value, {}),
      })),
    );
    expect(await tryAll(calls)).toEqual([]);
  });

  it('in any one parameter is answered', async () => {
    // What several routes read is read by the same code: each gets another third of the values.
    const readersOf = Map.groupBy(
      routes.flatMap((route) => route.names.map((name) => ({ route, name }))),
      ({ name }) => name,
    );
    const calls = [...readersOf.values()].flatMap((readers) =>
      readers.flatMap(({ route, name }, nth) =>
        NASTY.filter((_, i) => (i + nth) % Math.min(3, readers.length) === 0).map((value) => ({
          what: `${nameOf(route)} ${name}=${shown(value)}`,
          run: () => call(route, 'abcdefabcdef', { [name]: value }),
        })),
      ),
    );
    expect(calls.length).toBeGreaterThan(2_000);
    expect(await tryAll(calls)).toEqual([]);
  });

  it('of nothing at all is as good as no parameter, alone and of all at once', async () => {
    const pages = routes.filter(({ method, isJson }) => method === 'GET' && !isJson);
    for (const route of pages) {
      const { statusCode } = await call(route, 'nasty', {});
      const each = [...route.names, 'nobody-knows'].map((name) => ({ [name]: '' }));
      for (const empty of [...each, Object.assign({}, ...each)]) {
        const answer = await call(route, 'nasty', empty);
        const location = String(answer.headers?.location ?? '');
        const same = answer.statusCode === 302 && !location.includes('?') ? 302 : statusCode;
        expect([nameOf(route), empty, answer.statusCode]).toEqual([nameOf(route), empty, same]);
      }
    }
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

  it('in the JSON of keys and sellers is answered', async () => {
    const fields = [
      'user',
      'label',
      'scopes',
      'expires_at',
      'overlap_hours',
      'confirm',
      '__proto__',
    ];
    const instants = [
      '9999-12-31T23:59:59-05:00',
      '9999-12-31T23:59:59Z',
      '2999-02-30T00:00:00Z',
      '2999-01-01T24:00:00Z',
    ];
    const texts = [...NASTY.filter((_, i) => i % 4 === 0), ...instants];
    const odd = [0, -1, 1.5, 1e300, 720, null, true, [], {}, [[]], ['\0']];
    const calls = routes
      .filter(({ isJson, method }) => isJson && method === 'POST')
      .flatMap((route) =>
        fields.flatMap((field) =>
          [...(field === 'user' ? NASTY : texts), ...odd].map((value) => ({
            what: `${nameOf(route)} {"${field}": ${JSON.stringify(value)?.slice(0, 60)}}`,
            run: () => {
              const others = {
                ...(route.path.endsWith('keys') && { user: 'nasty' }),
                ...(route.path.endsWith('erase') && { user: value }),
              };
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
