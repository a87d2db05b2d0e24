import type { Kysely } from 'kysely';
import { dayNumber } from '../../db/days.ts';
import { type DigestPeriod, listDayDigests } from '../../db/orders/day-digests.ts';
import type { Database } from '../../db/schema.ts';
import { decimal } from '../shared/json-response.ts';
import { logger } from '../shared/logger.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { requirePeriod } from '../shared/period.ts';
import { Problem } from '../shared/problem.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerAnswer, SellerCall, SellerRequest } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';

export const MAX_DAYS = 400;

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseDigestQuery({ rawQueryString }: SellerRequest): DigestPeriod {
  const query = new QueryString(rawQueryString);
  const user = query.required('user');
  const { from, to } = requirePeriod(query);
  query.finish();
  if (dayNumber(to) - dayNumber(from) > MAX_DAYS) throw tooManyDays();
  return { user, from, to };
}

/** A hash of each day's orders: a seller's system finds by it which days differ from its own. */
export async function digestByDay(
  db: Kysely<Database>,
  period: DigestPeriod,
  { context }: SellerCall,
): Promise<SellerAnswer> {
  const found = await withRetries(context, 'digest tried again', () => listDayDigests(db, period));
  if (!found) throw noSuchSeller();
  const days = found.map(({ date, orders_count, total_revenue, digest }) => ({
    date,
    orders_count,
    total_revenue: decimal(total_revenue),
    digest,
  }));
  const { user, from, to } = period;
  logger.info('digest read', { from, to, days: days.length });
  return { body: { user, from, to, days } };
}

function tooManyDays(): Problem {
  const detail = `An answer has at most ${MAX_DAYS} days: ask for a shorter period.`;
  return new Problem(400, {
    detail,
    errors: [{ pointer: '?from', code: 'too_many_buckets', detail }],
    errorsCount: 1,
  });
}
