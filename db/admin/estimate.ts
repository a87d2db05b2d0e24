/**
 * What PostgreSQL knows of when orders were created, from the last ANALYZE; in seconds since the
 * epoch.
 */
export interface CreatedStatistics {
  /** Between each two lies the same share of the orders that are not among the common ones. */
  readonly bounds: readonly number[];
  /** Instants at which many orders were created, each with its share of all. */
  readonly common: readonly { readonly at: number; readonly frequency: number }[] | null;
}

/**
 * Which share of the orders was created in a period, from 0 to 1.
 *
 * @param from is in, `to` is out; in seconds since the epoch
 */
export function estimatedShare(
  { bounds, common }: CreatedStatistics,
  from: number,
  to: number,
): number {
  const commonOnes = common ?? [];
  const sum = (ones: typeof commonOnes) => ones.reduce((total, one) => total + one.frequency, 0);
  const inPeriod = sum(commonOnes.filter(({ at }) => at >= from && at < to));
  return inPeriod + (1 - sum(commonOnes)) * (shareBefore(bounds, to) - shareBefore(bounds, from));
}

/**
 * The statistics with the orders between the last bound before now and the next one taken for
 * orders up to now: a single order dated 9999 would else spread the newest hundredth of all over
 * eight thousand years.
 */
export function endingNow(statistics: CreatedStatistics, now: number): CreatedStatistics {
  const next = statistics.bounds.findIndex((bound) => bound > now);
  return next > 0 ? { ...statistics, bounds: statistics.bounds.with(next, now) } : statistics;
}

function shareBefore(bounds: readonly number[], at: number): number {
  const buckets = bounds.length - 1;
  const next = bounds.findIndex((bound) => bound > at);
  if (next === 0) return 0;
  if (next < 0 || buckets < 1) return 1;
  const [low = 0, high = 0] = bounds.slice(next - 1, next + 1);
  return (next - 1 + (at - low) / (high - low)) / buckets;
}
