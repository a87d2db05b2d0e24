import type { LocalRoute } from '../cloud-assembly/model.ts';

export interface RouteMatch {
  readonly route: LocalRoute;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
}

export type Router = (method: string, path: string) => RouteMatch | undefined;

/**
 * Finds the route of a request as API Gateway does: a full match before one with `{proxy+}`, before
 * `$default`; of several the most specific path, and for the same path the method before `ANY`.
 *
 * @returns a function of the method and the path, percent-decoded
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function createRouter(routes: readonly LocalRoute[]): Router {
  const patterns = routes.map(toPattern).sort((a, b) => compareRanks(a.rank, b.rank));
  return (method, path) => {
    for (const { route, method: wanted, expression } of patterns) {
      if (wanted !== 'ANY' && wanted !== method) continue;
      const match = expression.exec(path);
      if (match) return { route, pathParameters: match.groups && { ...match.groups } };
    }
    return undefined;
  };
}

interface Pattern {
  readonly route: LocalRoute;
  readonly method: string;
  readonly expression: RegExp;
  /** The smaller goes first, compared member by member. */
  readonly rank: readonly number[];
}

function toPattern(route: LocalRoute): Pattern {
  if (route.routeKey === '$default') return { route, method: 'ANY', expression: /^/, rank: [2] };
  const [method = '', path = ''] = route.routeKey.split(' ');
  const segments = path.split('/').slice(1);
  const isGreedy = path.endsWith('+}');
  return {
    route,
    method,
    expression: new RegExp(`^/${segments.map(segmentExpression).join('/')}$`, 's'),
    rank: [isGreedy ? 1 : 0, ...segments.map(segmentRank), 3, method === 'ANY' ? 1 : 0],
  };
}

const VARIABLE = /^\{(\w+)(\+?)\}$/;

function segmentExpression(segment: string): string {
  const [isVariable, name, greedy] = VARIABLE.exec(segment) ?? [];
  if (!isVariable) return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return greedy ? `(?<${name}>.+)` : `(?<${name}>[^/]+)`;
}

function segmentRank(segment: string): number {
  const [isVariable, , greedy] = VARIABLE.exec(segment) ?? [];
  if (!isVariable) return 0;
  return greedy ? 2 : 1;
}

function compareRanks(one: readonly number[], other: readonly number[]): number {
  const at = one.findIndex((rank, i) => rank !== other[i]);
  return at < 0 ? 0 : (one[at] ?? 0) - (other[at] ?? 0);
}
