import { type Kysely, type RawBuilder, sql } from 'kysely';
import { boundsOf, dayNumber, earlierDay, type Span } from '../days.ts';
import type { Database } from '../schema.ts';
import { type CreatedStatistics, endingNow, estimatedShare } from './estimate.ts';
import type { Lookup } from './lookup.ts';
import type { OrderFilter } from './order-filter.ts';

export type DateLevel = Exclude<Span, 'week'>;

/** How many orders there are in each part of a period. */
export interface OrderCounts {
  /** Into what the period is divided: the next level below it. */
  readonly level: DateLevel;
  /**
   * Whether the counts are the roll-up's, or estimates because that has too many rows to add up.
   */
  readonly isExact: boolean;
  readonly total: number;
  /** The sum of their totals, as decimal text; `undefined` where the counts are estimates. */
  readonly revenue?: string;
  /** Those with orders, oldest first. */
  readonly parts: readonly { readonly date: string; readonly count: number }[];
}

/** Adding up more rows of the roll-up than these takes a page too long. */
const MAX_ROWS = 20_000;

/** When only the parts matter, and not how many orders they have. */
const FEW_ROWS = 2_000;

/**
 * How many orders there are in the filter's period, when in it, and what they come to.
 * Only `status`, `seller`, `from` and `to` count: the roll-up knows nothing of the rest.
 *
 * @returns a part's `date` as `2025`, `2025-11` or `2025-11-12`
 */
export async function countOrders(
  db: Kysely<Database>,
  filter: OrderFilter,
  { seller }: Lookup,
): Promise<OrderCounts> {
  const level = levelBelow(filter);
  const row = await countOrdersStatement(filter, seller?.id)
    .execute(db)
    .then(({ rows }) => rows[0]);
  if (!row || seller === null)
    return { level, isExact: true, total: 0, revenue: '0.00', parts: [] };
  if (row.statistics)
    return { level, isExact: false, ...estimate(JSON.parse(row.statistics), filter) };
  const parts = JSON.parse(row.parts) as OrderCounts['parts'];
  return {
    level,
    isExact: true,
    total: parts.reduce((sum, part) => sum + part.count, 0),
    revenue: row.revenue,
    parts,
  };
}

/** Whether the roll-up knows how many orders a filter lets through. */
export function isCountable({ q, min, max }: OrderFilter): boolean {
  return !q && !min && !max;
}

/**
 * A period of several years is divided into years, one of several months into months, others into
 * days.
 */
export function levelBelow({ firstDay, lastDay }: OrderFilter): DateLevel {
  const isWithin = (length: number) =>
    Boolean(firstDay) && firstDay?.slice(0, length) === lastDay?.slice(0, length);
  if (isWithin('2025-11'.length)) return 'day';
  return isWithin('2025'.length) ? 'month' : 'year';
}

const FORMATS: Record<DateLevel, string> = { year: 'YYYY', month: 'YYYY-MM', day: 'YYYY-MM-DD' };

/**
 * The counts of at most `MAX_ROWS` rows; PostgreSQL's statistics instead, where there are more.
 * From how many rows the roll-up has and how many days, it follows whether trying is worth while.
 */
export function countOrdersStatement(filter: OrderFilter, sellerId: number | undefined) {
  const level = levelBelow(filter);
  const { status, firstDay, lastDay } = filter;
  const maxRows = sql.lit(isCountable(filter) ? MAX_ROWS : FEW_ROWS);
  const days = firstDay && lastDay ? dayNumber(lastDay) - dayNumber(firstDay) + 1 : 1_000_000;
  const conditions = [
    sql`orders_count > 0`,
    ...(sellerId === undefined ? [] : [sql`user_id = ${sql.lit(sellerId)}`]),
    ...(status ? [sql`status = ${status}`] : []),
    ...(firstDay ? [sql`day >= ${firstDay}::date`] : []),
    ...(lastDay ? [sql`day <= ${lastDay}::date`] : []),
  ];
  // One seller's rows are few enough; and without statistics there is nothing to fall back on.
  const mayEstimate =
    sellerId === undefined ? sql`(SELECT orders_count > 0 FROM known)` : sql`false`;
  const isHopeless = sql`(
    SELECT rows_a_day * least(days, ${sql.lit(days)}) * ${rollUpShare(status)} > 2 * ${maxRows} FROM known
  )`;
  return sql<{ parts: string; revenue: string; statistics: string | null }>`
WITH RECURSIVE known AS MATERIALIZED (
  SELECT
    c.reltuples AS orders_count, s.histogram_bounds::text::timestamptz[] AS bounds,
    s.most_common_vals::text::timestamptz[] AS common, s.most_common_freqs AS frequencies,
    span.days, r.reltuples / span.days AS rows_a_day
  FROM pg_class AS c
  JOIN pg_class AS r ON r.oid = 'daily_order_stats'::regclass
  JOIN pg_stats AS s ON s.schemaname = 'public' AND s.tablename = 'orders' AND s.attname = 'created_at'
  CROSS JOIN LATERAL (
    SELECT 1 + extract(epoch FROM max(bound) - min(bound)) / 86400 AS days
    FROM unnest(s.histogram_bounds::text::timestamptz[]) AS bound
  ) AS span
  WHERE c.oid = 'orders'::regclass AND s.histogram_bounds IS NOT NULL
),
counted AS MATERIALIZED (
  SELECT day, orders_count, total_revenue FROM daily_order_stats WHERE ${sql.join(conditions, sql` AND `)}
  LIMIT CASE WHEN ${mayEstimate} THEN CASE WHEN ${isHopeless} THEN 0 ELSE ${maxRows} + 1 END END
),
days AS (SELECT day, sum(orders_count) AS orders_count FROM counted GROUP BY day),
first_days AS (
  SELECT ${firstDayWithOrders(filter, sql`'-infinity'::date`)} AS day
  UNION ALL
  SELECT ${firstDayWithOrders(filter, sql`(date_trunc(${level}, first_days.day::timestamp) + ${STEPS[level]})::date`)}
  FROM first_days WHERE day IS NOT NULL
)
SELECT
  (
    SELECT coalesce(json_agg(json_build_object('date', date, 'count', count) ORDER BY date), '[]')
    FROM (
      SELECT to_char(day, ${FORMATS[level]}) AS date, sum(orders_count) AS count FROM days GROUP BY 1
    ) AS parts
  )::text AS parts,
  (SELECT coalesce(sum(total_revenue), 0)::numeric(38, 2)::text FROM counted) AS revenue,
  CASE WHEN ${mayEstimate} AND (${isHopeless} OR (SELECT count(*) FROM counted) > ${maxRows}) THEN (
    SELECT json_build_object(
      'orders_count', orders_count * coalesce((
        SELECT most_common_freqs[array_position(most_common_vals::text::text[], ${status ?? null}::text)]
        FROM pg_stats WHERE schemaname = 'public' AND tablename = 'orders' AND attname = 'status'
      ), 1),
      'now', extract(epoch FROM now()),
      'parts', (
        SELECT coalesce(json_agg(to_char(day, ${FORMATS[level]})), '[]') FROM first_days WHERE day IS NOT NULL
      ),
      'bounds', (SELECT json_agg(extract(epoch FROM bound)) FROM unnest(bounds) AS bound),
      'common', (
        SELECT json_agg(json_build_object('at', extract(epoch FROM at), 'frequency', frequency))
        FROM unnest(common, frequencies) AS c (at, frequency)
      )
    ) FROM known
  )::text END AS statistics`;
}

/** Which share of the roll-up's rows a status has; one that PostgreSQL knows nothing of is rare. */
function rollUpShare(status: string | undefined) {
  if (!status) return sql`1`;
  return sql`coalesce((
    SELECT most_common_freqs[array_position(most_common_vals::text::text[], ${status}::text)]
    FROM pg_stats
    WHERE schemaname = 'public' AND tablename = 'daily_order_stats' AND attname = 'status'
  ), 0)`;
}

/** The first day with orders of the filter on or after a day, by one look into an index. */
function firstDayWithOrders(
  { status, firstDay, lastDay }: OrderFilter,
  after: RawBuilder<unknown>,
) {
  const start = firstDay ? sql`greatest(${after}, ${firstDay}::date)` : after;
  return status
    ? sql`(
    SELECT day FROM daily_order_stats
    WHERE status = ${status} AND orders_count > 0 AND day >= ${start} ${lastDay ? sql`AND day <= ${lastDay}::date` : sql``}
    ORDER BY day LIMIT 1
  )`
    : sql`(
    SELECT (created_at AT TIME ZONE 'UTC')::date FROM orders
    WHERE created_at >= ${start}::timestamp AT TIME ZONE 'UTC'
      ${lastDay ? sql`AND created_at < (${lastDay}::date + 1)::timestamp AT TIME ZONE 'UTC'` : sql``}
    ORDER BY created_at, id LIMIT 1
  )`;
}

const STEPS: Record<DateLevel, RawBuilder<unknown>> = {
  year: sql`interval '1 year'`,
  month: sql`interval '1 month'`,
  day: sql`interval '1 day'`,
};

interface KnownOrders extends CreatedStatistics {
  readonly orders_count: number;
  readonly now: number;
  /** The parts that have orders. */
  readonly parts: readonly string[];
}

/** Parts that are there have one order at least, however few their share comes to. */
function estimate(
  { orders_count, now, parts, ...statistics }: KnownOrders,
  filter: OrderFilter,
): Pick<OrderCounts, 'total' | 'parts'> {
  const known = endingNow(statistics, now);
  const countBetween = (first: string, last: string) =>
    Math.round(orders_count * estimatedShare(known, startSeconds(first), startSeconds(last, 1)));
  const counted = parts.map((date) => {
    const [first, last] = boundsOf(date);
    const { firstDay = first, lastDay = last } = filter;
    const count = countBetween(firstDay > first ? firstDay : first, earlierDay(lastDay, last));
    return { date, count: Math.max(1, count) };
  });
  const [first] = boundsOf(parts.at(0) ?? '1970');
  const [, last] = boundsOf(parts.at(-1) ?? '1970');
  const total = countBetween(filter.firstDay ?? first, filter.lastDay ?? last);
  return { total: Math.max(total, counted.length), parts: counted };
}

/** When a day begins, or one of the days after it, in seconds since the epoch. */
const startSeconds = (day: string, daysLater = 0) => (dayNumber(day) + daysLater) * DAY_SECONDS;

const DAY_SECONDS = 86_400;
