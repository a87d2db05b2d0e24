import { dayNumber, dayText, earlierDay, LAST_DAY, startAfter, startOf } from '../../db/days.ts';
import type { Granularity, StatsBucket } from '../../db/stats/seller-stats.ts';
import { Problem } from '../shared/problem.ts';

/** How many buckets an answer has at most. */
export const MAX_BUCKETS = 400;

export interface Bucket extends StatsBucket {
  /** Whether the period leaves out some of the bucket's days. */
  readonly partial: boolean;
}

export interface BucketedPeriod {
  /** `null` for both when neither was given and there are no orders. */
  readonly from: string | null;
  readonly to: string | null;
  readonly buckets: readonly Bucket[];
}

interface AskedPeriod {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly granularity: Granularity;
}

/**
 * Every bucket of the period, those without orders as zeros. Where the period has no bound, it
 * reaches to the whole bucket of the first or the last of `found`.
 *
 * @param found the buckets with orders, oldest first
 * @throws {Problem} 400 when there would be more than 400
 */
export function fillBuckets(found: readonly StatsBucket[], asked: AskedPeriod): BucketedPeriod {
  const { granularity } = asked;
  const first = asked.from ?? found.at(0)?.date ?? (asked.to && earlierDay(asked.to, LAST_DAY));
  const last = found.at(-1)?.date;
  if (first === undefined) return { from: null, to: null, buckets: [] };
  const from = dayNumber(first);
  const end = asked.to
    ? dayNumber(asked.to)
    : last
      ? startAfter(dayNumber(last), granularity)
      : from;
  const starts = bucketStarts(from, end, granularity);

  const byDate = new Map(found.map((bucket) => [bucket.date, bucket]));
  const buckets = starts.map((start): Bucket => {
    const date = dayText(start);
    const partial = start < from || startAfter(start, granularity) > end;
    return { ...(byDate.get(date) ?? { date, ...NOTHING }), partial };
  });
  return { from: first, to: dayText(end), buckets };
}

/**
 * From which day on orders are later than a period without a `to` reaches: it ends with the day,
 * week or month that today is in, since one order dated 9999 would make it too long to answer.
 * `undefined` where it has a `to`, or begins later by its `from`.
 */
export function startOfLater({ from, to, granularity }: AskedPeriod, today: string) {
  const end = dayText(startAfter(dayNumber(today), granularity));
  return to || (from && dayNumber(from) >= dayNumber(end)) ? undefined : end;
}

const NOTHING = { orders_count: 0, total_revenue: '0.00', avg_order_value: '0.00' };

/** @throws {Problem} 400 when the period has more than 400 buckets */
export function assertFewBuckets(from: string, to: string, granularity: Granularity): void {
  bucketStarts(dayNumber(from), dayNumber(to), granularity);
}

/** @throws {Problem} 400 when there are more than 400 */
function bucketStarts(from: number, end: number, granularity: Granularity): number[] {
  const starts: number[] = [];
  if (from >= end) return starts;
  for (let at = startOf(from, granularity); at < end; at = startAfter(at, granularity)) {
    if (starts.push(at) > MAX_BUCKETS) throw tooManyBuckets();
  }
  return starts;
}

function tooManyBuckets(): Problem {
  const detail = `An answer has at most ${MAX_BUCKETS} buckets: ask for a shorter period or a coarser granularity.`;
  return new Problem(400, {
    detail,
    errors: [{ pointer: '?from', code: 'too_many_buckets', detail }],
    errorsCount: 1,
  });
}
