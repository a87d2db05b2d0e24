import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { HonoRequest } from 'hono/request';
import { inject } from 'vitest';
import { DatabaseClock } from '../../../db/data-api/database-clock.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { UPLOADS_END_WITHIN_S } from '../../../functions/sellers/env.ts';
import { KEY_ENVIRONMENT } from '../../../functions/shared/env.ts';
import { QueryString } from '../../../functions/shared/query-string.ts';
import { readCloudAssembly } from '../../../local/cloud-assembly/read.ts';
import { lambdaContext } from '../../helpers/events.ts';
import { order } from '../../helpers/orders.ts';
import { type AdminPages, type Answer, adminEvent, openAdmin } from './pages.ts';

export interface Route {
  readonly method: string;
  /** As a Hono app writes it, or API Gateway. */
  readonly path: string;
  readonly handler: (event: APIGatewayProxyEventV2) => Promise<Answer>;
  readonly isJson: boolean;
  /** What the route reads of the query or the form. */
  readonly names: string[];
}

export interface TriedRoutes {
  readonly routes: readonly Route[];
  /** The keys of those that the API has. */
  readonly gatewayRoutes: readonly string[];
  readonly drop: AdminPages['drop'];
}

/**
 * Every route of the admin, of actions, of keys and of sellers, on a database of their own: those
 * of the apps and of the synthesized API, with what each is seen to read.
 */
export async function openRoutes(): Promise<TriedRoutes> {
  const admin = await openAdmin();
  // Not imported above: what they import reads how much to log when it is loaded.
  const { adminApp } = await import('../../../functions/admin/app.ts');
  const { keyPages } = await import('../../../functions/keys/pages/routes.ts');
  const adminHandler = (await import('../../../functions/admin/handler.ts')).handler;
  Object.assign(process.env, admin.environmentOf('keys'), { [KEY_ENVIRONMENT]: 'test' });
  const keysHandler = (await import('../../../functions/keys/handler.ts')).handler;
  Object.assign(process.env, admin.environmentOf('sellers'), { [UPLOADS_END_WITHIN_S]: '89' });
  const { sellerPages } = await import('../../../functions/sellers/pages/routes.ts');
  const sellersHandler = (await import('../../../functions/sellers/handler.ts')).handler;
  Object.assign(process.env, admin.environmentOf('actions'));
  const { actionPages } = await import('../../../functions/actions/app.ts');
  const actionsHandler = (await import('../../../functions/actions/handler.ts')).handler;
  const clock = new DatabaseClock(admin.db);
  await uploadOrders(admin.db, 'nasty', [
    order({ order_number: 'x' }),
    order({ order_number: '1', created_at: '9999-12-31T23:59:59.999999Z' }),
  ]);

  const gatewayRoutes = readCloudAssembly(inject('cloud').assembly)
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
    .map(([method, path]) => ({
      method,
      path,
      handler: to(path.startsWith('/admin/api/sellers') ? sellersHandler : keysHandler),
      isJson: true,
      names: [],
    }));
  const routes = [
    ...pages(adminApp(admin.db), adminHandler),
    ...pages(keyPages(admin.db, clock), keysHandler),
    ...pages(sellerPages(admin.db, clock), sellersHandler),
    ...pages(actionPages({ db: admin.db, clock }), actionsHandler),
    ...api,
  ];
  for (const route of routes) await watchNames(route);
  return { routes, gatewayRoutes, drop: admin.drop };
}

type Reader = (this: unknown, name?: unknown) => unknown;

/** What a route reads parameters by. */
const READERS = [
  [URLSearchParams.prototype, 'get'],
  [URLSearchParams.prototype, 'getAll'],
  [QueryString.prototype, 'many'],
  [HonoRequest.prototype, 'query'],
] as unknown as [Record<string, Reader>, string][];

/**
 * Calls a route and keeps the names of what it asks for;
 * then again with these, to see what it asks for more.
 */
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

export const call = (route: Route, ...how: Call) => route.handler(eventOf(route, ...how));

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

/** Whether something may stand in its path. */
export const takesPath = ({ path }: Route) => PARAMETER.test(path);

export const nameOf = ({ method, path }: Route) => `${method} ${path}`;
