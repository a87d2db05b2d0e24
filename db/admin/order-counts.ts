import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { aboutShare, type CreatedStatistics } from './about.ts';
import type { Lookup } from './lookup.ts';
import type { OrderFilter } from './order-filter.ts';

export type DateLevel = 'year' | 'month' | 'day';

/** How many orders there are in each part of a period. */
export interface OrderCounts {
  /** Into what the period is divided: the next level below it. */
  readonly level: DateLevel;
  /** Whether the counts are the roll-up's, or estimates because that has too many rows to add up. */
  readonly isExact: boolean;
  readonly total: number;
  /** Those with orders, oldest first. */
  readonly parts: readonly { readonly date: string; readonly count: number }[];
}

/** Adding up more rows of the roll-up than these takes a page too long. */
const MAX_ROWS = 20_000;

/** When only the parts matter, and not how many orders they have. */
const FEW_ROWS = 2_000;

/**
 * How many orders there are in the filter's period, and when in it. Only `status`, `seller`, `from` and
 * `to` count: the roll-up knows nothing of the rest.
 *
 * @returns a part's `date` as `2025`, `2025-11` or `2025-11-12`
 */
export async function countOrders(
  db: Kysely<Database>,
  filter: OrderFilter,
  { seller }: Lookup,
): Promise<OrderCounts> {
  const level = levelBelow(filter);
  const row = await countsStatement(filter, seller?.id)
    .execute(db)
    .then(({ rows }) => rows[0]);
  if (!row || seller === null) return { level, isExact: true, total: 0, parts: [] };
  const parts = row.statistics
    ? estimate(JSON.parse(row.statistics), filter, level)
    : (JSON.parse(row.parts) as OrderCounts['parts'][number][]);
  return {
    level,
    isExact: row.statistics === null,
    total: parts.reduce((sum, part) => sum + part.count, 0),
    parts,
  };
}

/** Whether the roll-up knows how many orders a filter lets through. */
export function isCountable({ q, min, max }: OrderFilter): boolean {
  return !q && !min && !max;
}

/** A period of several years is divided into years, one of several months into months, others into days. */
export function levelBelow({ from, to }: OrderFilter): DateLevel {
  if (from && to && from.slice(0, 7) === to.slice(0, 7)) return 'day';
  return from && to && from.slice(0, 4) === to.slice(0, 4) ? 'month' : 'year';
}

const FORMATS: Record<DateLevel, string> = { year: 'YYYY', month: 'YYYY-MM', day: 'YYYY-MM-DD' };

/**
 * The counts of at most `MAX_ROWS` rows; PostgreSQL's statistics instead, where there are more. From
 * how many rows the roll-up has and how many days, it is foretold whether trying is worth while.
 */
export function countsStatement(filter: OrderFilter, sellerId: number | undefined) {
  const level = levelBelow(filter);
  const { status, from, to } = filter;
  const maxRows = sql.lit(isCountable(filter) ? MAX_ROWS : FEW_ROWS);
  const days = from && to ? (Date.parse(to) - Date.parse(from)) / DAY_MS + 1 : 1_000_000;
  const conditions = [
    sql`orders_count > 0`,
    ...(sellerId === undefined ? [] : [sql`user_id = ${sql.lit(sellerId)}`]),
    ...(status ? [sql`status = ${status}`] : []),
    ...(from ? [sql`day >= ${from}::date`] : []),
    ...(to ? [sql`day <= ${to}::date`] : []),
  ];
  // One seller's rows are few enough; and without statistics there is nothing to fall back on.
  const mayEstimate =
    sellerId === undefined ? sql`(SELECT orders_count > 0 FROM known)` : sql`false`;
  const isHopeless = sql`(
    SELECT rows_a_day * least(days, ${sql.lit(days)}) * ${rollUpShare(status)} > 2 * ${maxRows} FROM known
  )`;
  return sql<{ parts: string; statistics: string | null }>`
WITH known AS MATERIALIZED (
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
  SELECT day, orders_count FROM daily_order_stats WHERE ${sql.join(conditions, sql` AND `)}
  LIMIT CASE WHEN ${mayEstimate} THEN CASE WHEN ${isHopeless} THEN 0 ELSE ${maxRows} + 1 END END
),
days AS (SELECT day, sum(orders_count) AS orders_count FROM counted GROUP BY day)
SELECT
  (
    SELECT coalesce(json_agg(json_build_object('date', date, 'count', count) ORDER BY date), '[]')
    FROM (
      SELECT to_char(day, ${FORMATS[level]}) AS date, sum(orders_count) AS count FROM days GROUP BY 1
    ) AS parts
  )::text AS parts,
  CASE WHEN ${mayEstimate} AND (${isHopeless} OR (SELECT count(*) FROM counted) > ${maxRows}) THEN (
    SELECT json_build_object(
      'orders_count', orders_count * coalesce((
        SELECT most_common_freqs[array_position(most_common_vals::text::text[], ${status ?? null}::text)]
        FROM pg_stats WHERE schemaname = 'public' AND tablename = 'orders' AND attname = 'status'
      ), 1),
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

function estimate(
  { orders_count, ...statistics }: CreatedStatistics & { orders_count: number },
  filter: OrderFilter,
  level: DateLevel,
): OrderCounts['parts'][number][] {
  return periods(statistics, filter, level)
    .map(({ date, from, to }) => ({
      date,
      count: Math.round(orders_count * aboutShare(statistics, from, to)),
    }))
    .filter(({ count }) => count > 0);
}

/** Every part of the period, with its bounds in seconds since the epoch. */
function periods({ bounds }: CreatedStatistics, filter: OrderFilter, level: DateLevel) {
  const text = (seconds: number | undefined) =>
    new Date((seconds ?? 0) * 1_000).toISOString().slice(0, 10);
  const first = filter.from ?? text(bounds[0]);
  const last = filter.to ?? text(bounds.at(-1));
  const parts: { date: string; from: number; to: number }[] = [];
  let at = new Date(first);
  while (at.toISOString().slice(0, 10) <= last) {
    const day = at.toISOString();
    const next = {
      year: Date.UTC(at.getUTCFullYear() + 1, 0, 1),
      month: Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1),
      day: at.getTime() + DAY_MS,
    }[level];
    const to = Math.min(next, Date.parse(last) + DAY_MS);
    parts.push({
      date: day.slice(0, FORMATS[level].length),
      from: at.getTime() / 1_000,
      to: to / 1_000,
    });
    at = new Date(next);
  }
  return parts;
}

const DAY_MS = 86_400_000;
