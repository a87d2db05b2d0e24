import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/client.ts';
import { retrying } from '../../db/retry.ts';
import { findSellerStats } from '../../db/stats.ts';
import { deadlineAt } from '../shared/deadline.ts';
import { decimal, jsonResponse } from '../shared/json-response.ts';
import { logger } from '../shared/logger.ts';
import { Problem } from '../shared/problem.ts';
import { problemDetails } from '../shared/problem-details.ts';
import { parseStatsQuery } from './input.ts';

const db = connect(databaseAddress());

/** `GET /api/orders/stats?user=test_seller` answers the seller's totals as of now. */
async function getStats(event: APIGatewayProxyEventV2, context: Context) {
  const { user } = parseStatsQuery(event.queryStringParameters);
  logger.appendKeys({ seller: user });
  const stats = await retrying(() => findSellerStats(db, user), {
    deadlineAt: deadlineAt(context),
    onRetry: (retry) => logger.warn('stats tried again', retry),
  });
  if (!stats) throw new Problem(404, { detail: 'There is no such seller.' });
  return jsonResponse(200, {
    user,
    orders_count: stats.orders_count,
    total_revenue: decimal(stats.total_revenue),
    avg_order_value: decimal(stats.avg_order_value),
  });
}

export const handler = middy(getStats)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(problemDetails());
