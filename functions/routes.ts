// Every route of the API, once: the stacks make them of this table,
// and functions answer only what it has.

/** What keys may be good for. */
export const SCOPES = ['orders:write', 'orders:read', 'stats:read'] as const;

export type Scope = (typeof SCOPES)[number];

/**
 * Who may call a route: sellers with a key that has the scope, or with any key where there is none;
 * people with AWS credentials that IAM allows it to; or everybody.
 */
type Access =
  | { readonly access: 'key'; readonly scope: Scope | null }
  | { readonly access: 'iam' }
  | { readonly access: 'none' };

export type Route = Access & {
  /** The folder of the function that answers. */
  readonly folder: string;
  /** Which of a stage's throttles holds for this route alone. */
  readonly throttle: 'upload' | 'orders' | 'stats' | 'others';
};

/** By method and path, as API Gateway names a route. */
export const ROUTES = {
  'POST /api/orders/upload': {
    access: 'key',
    scope: 'orders:write',
    folder: 'upload',
    throttle: 'upload',
  },
  'GET /api/orders': {
    access: 'key',
    scope: 'orders:read',
    folder: 'orders',
    throttle: 'orders',
  },
  'GET /api/orders/changes': {
    access: 'key',
    scope: 'orders:read',
    folder: 'orders',
    throttle: 'orders',
  },
  'GET /api/orders/digest': {
    access: 'key',
    scope: 'orders:read',
    folder: 'orders',
    throttle: 'orders',
  },
  'DELETE /api/orders': {
    access: 'key',
    scope: 'orders:write',
    folder: 'amend',
    throttle: 'upload',
  },
  'POST /api/uploads/{id}/undo': {
    access: 'key',
    scope: 'orders:write',
    folder: 'amend',
    throttle: 'upload',
  },
  'GET /api/orders/stats': {
    access: 'key',
    scope: 'stats:read',
    folder: 'stats',
    throttle: 'stats',
  },
  'GET /api/orders/stats/daily': {
    access: 'key',
    scope: 'stats:read',
    folder: 'stats',
    throttle: 'stats',
  },
  'GET /api/uploads': {
    access: 'key',
    scope: 'orders:read',
    folder: 'orders',
    throttle: 'orders',
  },
  'GET /api/uploads/{id}': {
    access: 'key',
    scope: 'orders:read',
    folder: 'orders',
    throttle: 'orders',
  },
  'GET /api/whoami': { access: 'key', scope: null, folder: 'orders', throttle: 'stats' },
  'GET /api/openapi.json': { access: 'none', folder: 'openapi', throttle: 'others' },
  'GET /api/docs': { access: 'none', folder: 'openapi', throttle: 'others' },
  'GET /admin': { access: 'iam', folder: 'admin', throttle: 'others' },
  'GET /admin/{proxy+}': { access: 'iam', folder: 'admin', throttle: 'others' },
  'GET /admin/api/keys': { access: 'iam', folder: 'keys', throttle: 'others' },
  'POST /admin/api/keys': { access: 'iam', folder: 'keys', throttle: 'others' },
  'POST /admin/api/keys/{id}/rotate': { access: 'iam', folder: 'keys', throttle: 'others' },
  'POST /admin/api/keys/{id}/revoke': { access: 'iam', folder: 'keys', throttle: 'others' },
  'GET /admin/keys/{proxy+}': { access: 'iam', folder: 'keys', throttle: 'others' },
  'POST /admin/keys/{proxy+}': { access: 'iam', folder: 'keys', throttle: 'others' },
  'GET /admin/actions/{proxy+}': { access: 'iam', folder: 'actions', throttle: 'others' },
  'POST /admin/actions/{proxy+}': { access: 'iam', folder: 'actions', throttle: 'others' },
  'GET /admin/api/sellers': { access: 'iam', folder: 'sellers', throttle: 'others' },
  'POST /admin/api/sellers/erase': { access: 'iam', folder: 'sellers', throttle: 'others' },
  'GET /admin/erase-seller': { access: 'iam', folder: 'sellers', throttle: 'others' },
  'POST /admin/erase-seller': { access: 'iam', folder: 'sellers', throttle: 'others' },
} as const satisfies Readonly<Record<string, Route>>;

export type RouteKey = keyof typeof ROUTES;

/** The routes that have all this in the table. */
export type RouteKeyWith<TFields extends Partial<Route>> = {
  [K in RouteKey]: (typeof ROUTES)[K] extends TFields ? K : never;
}[RouteKey];

/** The functions that answer sellers. */
export type SellerFolder = (typeof ROUTES)[RouteKeyWith<{ access: 'key' }>]['folder'];

/** The routes that a folder's function answers, in the order of the table. */
export function listRoutes(folder: string): { routeKey: RouteKey; route: Route }[] {
  return Object.entries(ROUTES).flatMap(([routeKey, route]) =>
    isRouteKey(routeKey) && route.folder === folder ? [{ routeKey, route }] : [],
  );
}

/** Whether there is such a route. */
export function isRouteKey(text: string): text is RouteKey {
  return Object.hasOwn(ROUTES, text);
}
