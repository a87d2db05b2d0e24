import type { StatsFilter } from '../../db/stats/seller-stats.ts';
import { readPeriod } from './period.ts';
import { composed } from './plain-text.ts';
import type { QueryString } from './query-string.ts';

/** A seller's orders of the days `from` to `to` and the statuses that a query names. */
export function readOrderFilter(query: QueryString): StatsFilter {
  const user = query.required('user');
  const period = readPeriod(query);
  // Uploads store the composed form; the other may be one from before they did.
  const statuses = query.many('status').flatMap((status) => [status, composed(status)]);
  return { user, ...period, statuses: [...new Set(statuses)] };
}
