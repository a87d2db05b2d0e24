import type { Context } from 'aws-lambda';
import type { Kysely } from 'kysely';
import { dayNumber } from '../../db/days.ts';
import { type DayDigest, type DigestPeriod, listDayDigests } from '../../db/orders/day-digests.ts';
import { countOrdersByDay, portionsOf } from '../../db/orders/digest-portions.ts';
import type { Database } from '../../db/schema.ts';
import { decimal } from '../shared/json-response.ts';
import { logger } from '../shared/logger.ts';
import { noSuchSeller } from '../shared/no-such-seller.ts';
import { type Period, requirePeriod } from '../shared/period.ts';
import { Problem } from '../shared/problem.ts';
import type { ProblemCode } from '../shared/problem-codes.ts';
import { QueryString } from '../shared/query-string.ts';
import type { SellerAnswer, SellerCall, SellerRequest } from '../shared/seller-handler.ts';
import { withRetries } from '../shared/with-retries.ts';

export const MAX_DAYS = 400;

/** Of a period of several days: some seconds of a processor, of the 29 s that there are. */
const MAX_ORDERS = 1_000_000;

/** @throws {Problem} 400 with everything that is wrong with the query */
export function parseDigestQuery({ rawQueryString }: SellerRequest): DigestPeriod {
  const query = new QueryString(rawQueryString);
  const user = query.required('user');
  const period = requirePeriod(query);
  query.finish();
  if (lengthOf(period) > MAX_DAYS) throw tooManyDays();
  return { user, ...period };
}

/** A hash of each day's orders: a seller's system finds by it which days differ from its own. */
export async function digestByDay(
  db: Kysely<Database>,
  period: DigestPeriod,
  { context }: SellerCall,
): Promise<SellerAnswer> {
  const days = (await readDigests(db, period, context)).map(
    ({ date, orders_count, total_revenue, digest }) => ({
      date,
      orders_count,
      total_revenue: decimal(total_revenue),
      digest,
    }),
  );
  const { user, from, to } = period;
  logger.info('digest read', { from, to, days: days.length });
  return { body: { user, from, to, days } };
}

/** Some days after the other, so that no statement takes longer than its role may. */
async function readDigests(
  db: Kysely<Database>,
  period: DigestPeriod,
  context: Context,
): Promise<DayDigest[]> {
  const read = async <T>(work: () => Promise<T | undefined>): Promise<T> => {
    const found = await withRetries(context, 'digest tried again', work);
    if (!found) throw noSuchSeller();
    return found;
  };
  const counts = await read(() => countOrdersByDay(db, period));
  const ordersCount = counts.reduce((sum, { orders_count }) => sum + orders_count, 0);
  if (ordersCount > MAX_ORDERS && lengthOf(period) > 1) throw tooManyOrders(ordersCount);
  const digests: DayDigest[] = [];
  for (const portion of portionsOf(period, counts)) {
    digests.push(...(await read(() => listDayDigests(db, portion))));
  }
  return digests;
}

const lengthOf = ({ from, to }: Period) => dayNumber(to) - dayNumber(from);

const tooManyDays = () =>
  tooLong('too_many_buckets', `An answer has at most ${MAX_DAYS} days: ask for a shorter period.`);

const tooManyOrders = (ordersCount: number) =>
  tooLong(
    'answer_too_large',
    `The period has ${ordersCount} orders, and one of several days may have ${MAX_ORDERS}: ask for a shorter period.`,
  );

function tooLong(code: ProblemCode, detail: string): Problem {
  return new Problem(400, { detail, errors: [{ pointer: '?from', code, detail }], errorsCount: 1 });
}
