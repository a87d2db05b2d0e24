import type { Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { addDays, dayOf } from '../../db/days.ts';
import {
  findSellerStats,
  listStatsBuckets,
  type Stats,
  type StatsFilter,
} from '../../db/stats/seller-stats.ts';
import { decimal } from '../shared/json-response.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { type SellerCall, sellerHandler, sellerRoute } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';
import { fillBuckets, MAX_BUCKETS, startOfLater } from './buckets.ts';
import { type DailyStatsQuery, parseDailyStatsQuery, parseStatsQuery } from './input.ts';

const db = connect(databaseAddress());

/** A seller's totals as of now. */
async function totals(query: StatsFilter, { context }: SellerCall) {
  const stats = await asking(context, () => findSellerStats(db, query));
  if (!stats) throw noSuchSeller();
  return { body: { user: query.user, ...figures(stats) } };
}

/** The same figures by day, week or month. */
async function dailyStats(query: DailyStatsQuery, { context }: SellerCall) {
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
  const body = {
    user: query.user,
    from,
    to,
    days,
    ...(later && {
      later: { from: later.first_day, to: addDays(later.last_day, 1), ...figures(later) },
    }),
  };
  return { body };
}

const asking = <T>(context: Context, ask: () => Promise<T>) =>
  withRetries(context, 'stats tried again', ask);

/** The figures in their order, money as exact JSON numbers. */
function figures({ orders_count, total_revenue, avg_order_value }: Stats) {
  return {
    orders_count,
    total_revenue: decimal(total_revenue),
    avg_order_value: decimal(avg_order_value),
  };
}

export const handler = sellerHandler('stats', {
  'GET /api/orders/stats': sellerRoute({ parse: parseStatsQuery, answer: totals }),
  'GET /api/orders/stats/daily': sellerRoute({ parse: parseDailyStatsQuery, answer: dailyStats }),
});
