import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { retrying } from '../../db/data-api/retry.ts';
import { addDays, dayOf } from '../../db/days.ts';
import { findSellerStats, listStatsBuckets, type Stats } from '../../db/stats/seller-stats.ts';
import { deadlineAt } from '../shared/deadline.ts';
import { decimal, jsonResponse } from '../shared/json-response.ts';
import { logger } from '../shared/logger.ts';
import { Problem } from '../shared/problem.ts';
import { problemDetails } from '../shared/problem-details.ts';
import { requireSeller, sellerKey } from '../shared/seller-key.ts';
import { fillBuckets, MAX_BUCKETS, startOfLater } from './buckets.ts';
import { parseDailyStatsQuery, parseStatsQuery } from './input.ts';

const db = connect(databaseAddress());

/** `GET /api/orders/stats` answers a seller's totals as of now, `…/stats/daily` the same by day. */
async function getStats(event: APIGatewayProxyEventV2, context: Context) {
  const answer = event.routeKey === 'GET /api/orders/stats/daily' ? dailyStats : totals;
  return jsonResponse(200, await answer(event, context));
}

async function totals(event: APIGatewayProxyEventV2, context: Context) {
  const sent = parseStatsQuery(event);
  const query = { ...sent, user: requireSeller(event, sent.user) };
  const stats = await asking(context, () => findSellerStats(db, query));
  if (!stats) throw noSuchSeller();
  return { user: query.user, ...figures(stats) };
}

async function dailyStats(event: APIGatewayProxyEventV2, context: Context) {
  const sent = parseDailyStatsQuery(event);
  const query = { ...sent, user: requireSeller(event, sent.user) };
  const laterFrom = startOfLater(query, dayOf(Date.now()));
  const found = await asking(context, () =>
    listStatsBuckets(db, { ...query, laterFrom, limit: MAX_BUCKETS + 1 }),
  );
  if (!found) throw noSuchSeller();
  const { later } = found;
  const { from, to, buckets } = fillBuckets(found.buckets, query);
  const days = buckets.map(({ date, partial, ...stats }) => ({
    date,
    ...figures(stats),
    ...(partial && { partial }),
  }));
  return {
    user: query.user,
    from,
    to,
    days,
    ...(later && {
      later: { from: later.first_day, to: addDays(later.last_day, 1), ...figures(later) },
    }),
  };
}

function asking<T>(context: Context, ask: () => Promise<T>): Promise<T> {
  return retrying(ask, {
    deadlineAt: deadlineAt(context),
    onRetry: (retry) => logger.warn('stats tried again', retry),
  });
}

/** The figures in their order, money as exact JSON numbers. */
function figures({ orders_count, total_revenue, avg_order_value }: Stats) {
  return {
    orders_count,
    total_revenue: decimal(total_revenue),
    avg_order_value: decimal(avg_order_value),
  };
}

const noSuchSeller = () => new Problem(404, { detail: 'There is no such seller.' });

export const handler = middy(getStats)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(problemDetails())
  .use(sellerKey({ scope: 'stats:read' }));
