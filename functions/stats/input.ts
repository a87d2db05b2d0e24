import type { APIGatewayProxyEventQueryStringParameters } from 'aws-lambda';
import { Problem } from '../shared/problem.ts';

export interface StatsQuery {
  readonly user: string;
}

/** @throws {Problem} 400 when the query names no user */
export function parseStatsQuery(
  parameters: APIGatewayProxyEventQueryStringParameters = {},
): StatsQuery {
  const { user } = parameters;
  if (user) return { user };
  const detail = 'The query parameter user is missing or empty.';
  throw new Problem(400, {
    detail,
    errors: [{ pointer: '?user', code: 'missing', detail }],
    errorsCount: 1,
  });
}
