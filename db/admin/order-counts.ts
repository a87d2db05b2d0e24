import { type Kysely, type RawBuilder, sql } from 'kysely';
import { boundsOf, dayNumber, earlierDay, type Span } from '../days.ts';
import type { Database } from '../schema.ts';
import { type CreatedStatistics, endingNow, estimatedShare } from './estimate.ts';
import type { Lookup } from './lookup.ts';
import type { OrderFilter } from './order-filter.ts';
import { KNOWN_STATUSES, statusShares } from './statuses.ts';

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
  /**
   * The statuses of the period's orders, whichever the filter asks for; those that most have first,
   * 30 at most. A count as exact as `isExact` says, left out where it is not known.
   */
  readonly statuses: readonly { readonly status: string; readonly count?: number }[];
}

/** How many statuses are told. */
export const MAX_STATUSES = 30;

/** Adding up more rows of the roll-up than these takes a page too long. */
const MAX_ROWS = 20_000;

/** When only the parts matter, and not how many orders they have. */
const FEW_ROWS = 2_000;

/**
 * How many orders there are in the filter's period, when in it, and what they come to.
 * Only statuses, seller, first and last day count: the roll-up knows nothing of the rest.
 *
 * @returns a part's `date` as `2025`, `2025-11` or `2025-11-12`
 */
export async function countOrders(
  db: Kysely<Database>,
  filter: OrderFilter,
  lookup: Lookup,
): Promise<OrderCounts> {
  const level = levelBelow(filter);
  const { rows } = await countOrdersStatement(filter, lookup).execute(db);
  const [row] = rows;
  if (!row || lookup.seller === null) return noCounts(filter);
  const statuses = JSON.parse(row.statuses) as KnownStatus[];
  if (row.statistics)
    return { level, isExact: false, ...estimate(JSON.parse(row.statistics), statuses, filter) };
  const parts = JSON.parse(row.parts) as OrderCounts['parts'];
  return {
    level,
    isExact: true,
    total: parts.reduce((sum, part) => sum + part.count, 0),
    revenue: row.revenue,
    parts,
    statuses: statuses.map(({ status, count }) => ({
      status,
      ...(count !== undefined && { count }),
    })),
  };
}

/** Of a filter that lets nothing through. */
export function noCounts(filter: OrderFilter): OrderCounts {
  const level = levelBelow(filter);
  return { level, isExact: true, total: 0, revenue: '0.00', parts: [], statuses: [] };
}

interface KnownStatus {
  readonly status: string;
  /** In the period, where that is not too much to add up. */
  readonly count?: number;
  /** Else of all orders, from 0 to 1; `null` where PostgreSQL does not know it. */
  readonly share?: number | null;
}

/** Whether the roll-up knows how many orders a filter lets through. */
export function isCountable({ q, min, max, changedSince }: OrderFilter): boolean {
  return !q && !min && !max && !changedSince;
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
export function countOrdersStatement(
  filter: OrderFilter,
  { seller, statuses }: Pick<Lookup, 'seller' | 'statuses'>,
) {
  const level = levelBelow(filter);
  const { firstDay, lastDay } = filter;
  const maxRows = sql.lit(isCountable(filter) ? MAX_ROWS : FEW_ROWS);
  const days = firstDay && lastDay ? dayNumber(lastDay) - dayNumber(firstDay) + 1 : 1_000_000;
  const conditions = [
    sql`orders_count > 0`,
    ...(seller ? [sql`user_id = ${sql.lit(seller.id)}`] : []),
    ...(firstDay ? [sql`day >= ${firstDay}::date`] : []),
    ...(lastDay ? [sql`day <= ${lastDay}::date`] : []),
  ];
  // One seller's rows are few enough; and without statistics there is nothing to fall back on.
  const mayEstimate = seller ? sql`false` : sql`(SELECT orders_count > 0 FROM known)`;
  const isHopeless = (of: readonly string[]) => sql`(
    SELECT rows_a_day * least(days, ${sql.lit(days)}) * ${shareOf('daily_order_stats', of)} > 2 * ${maxRows} FROM known
  )`;
  const rows = (of: readonly string[]) => sql`
  SELECT day, status, orders_count, total_revenue FROM daily_order_stats
  WHERE ${sql.join([...conditions, ...(of.length > 0 ? [sql`status IN (${sql.join(of)})`] : [])], sql` AND `)}
  LIMIT CASE WHEN ${mayEstimate} THEN CASE WHEN ${isHopeless(of)} THEN 0 ELSE ${maxRows} + 1 END END`;
  const isTooMuch = (of: readonly string[], table: string) =>
    sql`(${mayEstimate} AND (${isHopeless(of)} OR (SELECT count(*) FROM ${sql.table(table)}) > ${maxRows}))`;
  return sql<{ parts: string; revenue: string; statuses: string; statistics: string | null }>`
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
counted AS MATERIALIZED (${rows(statuses)}),
of_any_status AS (${statuses.length > 0 ? rows([]) : sql`SELECT * FROM counted`}),
days AS (SELECT day, sum(orders_count) AS orders_count FROM counted GROUP BY day),
first_days AS (
  SELECT ${firstDayWithOrders(filter, statuses, sql`'-infinity'::date`)} AS day
  UNION ALL
  SELECT ${firstDayWithOrders(filter, statuses, sql`(date_trunc(${level}, first_days.day::timestamp) + ${STEPS[level]})::date`)}
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
  CASE WHEN ${isTooMuch([], 'of_any_status')} THEN ${KNOWN_SHARES} ELSE (
    SELECT coalesce(json_agg(json_build_object('status', status, 'count', count)), '[]')
    FROM (
      SELECT status, sum(orders_count) AS count FROM of_any_status
      GROUP BY status ORDER BY 2 DESC, 1 LIMIT ${sql.lit(MAX_STATUSES)}
    ) AS counts
  ) END::text AS statuses,
  CASE WHEN ${isTooMuch(statuses, 'counted')} THEN (
    SELECT json_build_object(
      'orders_count', orders_count,
      'share', ${shareOf('orders', statuses)},
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

/** Which share of a table's rows has one of some statuses; none that PostgreSQL knows is rare. */
function shareOf(table: 'orders' | 'daily_order_stats', statuses: readonly string[]) {
  if (statuses.length === 0) return sql`1`;
  return sql`coalesce((
    SELECT sum(share) FROM ${statusShares(table)} AS s WHERE status IN (${sql.join(statuses)})
  ), 0)`;
}

const KNOWN_SHARES = sql`(
    SELECT coalesce(json_agg(json_build_object('status', status, 'share', share)), '[]')
    FROM (
      SELECT status, share FROM ${KNOWN_STATUSES} AS k LEFT JOIN ${statusShares('orders')} AS s USING (status)
      ORDER BY share DESC NULLS LAST, status LIMIT ${sql.lit(MAX_STATUSES)}
    ) AS shares
  )`;

/** The first day with orders of the filter on or after a day, by one look into an index. */
function firstDayWithOrders(
  { firstDay, lastDay }: OrderFilter,
  statuses: readonly string[],
  after: RawBuilder<unknown>,
) {
  const start = firstDay ? sql`greatest(${after}, ${firstDay}::date)` : after;
  return statuses.length > 0
    ? sql`(
    SELECT min(first.day) FROM (VALUES ${sql.join(statuses.map((status) => sql`(${status}::text)`))}) AS v (status)
    CROSS JOIN LATERAL (
      SELECT day FROM daily_order_stats AS s
      WHERE s.status = v.status AND orders_count > 0 AND day >= ${start} ${lastDay ? sql`AND day <= ${lastDay}::date` : sql``}
      ORDER BY day LIMIT 1
    ) AS first
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
  /** Which of them have one of the filter's statuses, from 0 to 1. */
  readonly share: number;
  readonly now: number;
  /** The parts that have orders. */
  readonly parts: readonly string[];
}

/** Parts that are there have one order at least, however few their share comes to. */
function estimate(
  { orders_count, share, now, parts, ...statistics }: KnownOrders,
  statuses: readonly KnownStatus[],
  filter: OrderFilter,
): Pick<OrderCounts, 'total' | 'parts' | 'statuses'> {
  const known = endingNow(statistics, now);
  const countBetween = (first: string, last: string, ofThem = share) =>
    Math.round(
      orders_count * ofThem * estimatedShare(known, startSeconds(first), startSeconds(last, 1)),
    );
  const counted = parts.map((date) => {
    const [first, last] = boundsOf(date);
    const { firstDay = first, lastDay = last } = filter;
    const count = countBetween(firstDay > first ? firstDay : first, earlierDay(lastDay, last));
    return { date, count: Math.max(1, count) };
  });
  const [first] = boundsOf(parts.at(0) ?? '1970');
  const [, last] = boundsOf(parts.at(-1) ?? '1970');
  const { firstDay = first, lastDay = last } = filter;
  return {
    total: Math.max(countBetween(firstDay, lastDay), counted.length),
    parts: counted,
    statuses: statuses.map(({ status, share: ofThem }) => ({
      status,
      ...(typeof ofThem === 'number' && { count: countBetween(firstDay, lastDay, ofThem) }),
    })),
  };
}

/** When a day begins, or one of the days after it, in seconds since the epoch. */
const startSeconds = (day: string, daysLater = 0) => (dayNumber(day) + daysLater) * DAY_SECONDS;

const DAY_SECONDS = 86_400;
