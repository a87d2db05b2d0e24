import type { Granularity, StatsFilter } from '../../db/stats/seller-stats.ts';
import { readOrderFilter } from '../shared/order-filter.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerRequest } from '../shared/seller-handler.ts';
import { assertFewBuckets } from './buckets.ts';

export interface DailyStatsQuery extends StatsFilter {
  readonly granularity: Granularity;
}

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseStatsQuery({ rawQueryString }: SellerRequest): StatsFilter {
  const query = new QueryString(rawQueryString);
  const filter = readOrderFilter(query);
  query.finish();
  return filter;
}

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseDailyStatsQuery({ rawQueryString }: SellerRequest): DailyStatsQuery {
  const query = new QueryString(rawQueryString);
  const filter = readOrderFilter(query);
  const granularity = readGranularity(query);
  query.finish();
  if (filter.from && filter.to) assertFewBuckets(filter.from, filter.to, granularity);
  return { ...filter, granularity };
}

export const GRANULARITIES = ['day', 'week', 'month'] as const satisfies readonly Granularity[];

function readGranularity(query: QueryString): Granularity {
  const text = query.one('granularity') ?? 'day';
  const granularity = GRANULARITIES.find((choice) => choice === text);
  if (granularity) return granularity;
  query.fail('granularity', 'invalid_choice', `Must be one of ${GRANULARITIES.join(', ')}.`);
  return 'day';
}
