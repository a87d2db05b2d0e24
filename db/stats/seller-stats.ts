import { type ExpressionBuilder, type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** What orders come to; money is decimal text with 2 places, exact. */
export interface Stats {
  orders_count: number;
  total_revenue: string;
  /** Rounded half away from zero to cents; `0.00` without orders. */
  avg_order_value: string;
}

/** Whose orders, and which of them. */
export interface StatsFilter {
  readonly user: string;
  /** The first UTC day that counts. @default the seller's first */
  readonly from?: string | undefined;
  /** The first UTC day that no longer counts. @default none */
  readonly to?: string | undefined;
  /** The statuses that count. @default all */
  readonly statuses?: readonly string[];
}

export type Granularity = 'day' | 'week' | 'month';

export interface StatsBucket extends Stats {
  /** The bucket's first day, as `YYYY-MM-DD`; a week's is its Monday. */
  date: string;
}

/** The orders that a period which ends today leaves out because they are dated later. */
export interface LaterOrders extends Stats {
  /** The first and the last day that has some, as `YYYY-MM-DD`. */
  first_day: string;
  last_day: string;
}

export interface BucketFilter extends StatsFilter {
  readonly granularity: Granularity;
  /** The day from which on orders are summed up apart, as `later`. @default none are */
  readonly laterFrom?: string | undefined;
  /** How many buckets to answer at most, the oldest. */
  readonly limit: number;
}

/**
 * A seller's totals as of now, read from the roll-up: the cost does not grow with the orders.
 * `undefined` when there is no such seller.
 */
export function findSellerStats(
  db: Kysely<Database>,
  filter: StatsFilter,
): Promise<Stats | undefined> {
  return db
    .selectFrom('users as u')
    .leftJoin('daily_order_stats as s', (join) =>
      join.onRef('s.user_id', '=', 'u.id').on((eb) => counts(eb, filter)),
    )
    .select([ordersCount.as('orders_count'), totalRevenue.as('total_revenue')])
    .select(average.as('avg_order_value'))
    .where('u.username', '=', filter.user)
    .groupBy('u.id')
    .executeTakeFirst();
}

/**
 * The same by day, ISO week or month, oldest first; buckets without orders are absent.
 *
 * @returns `later` is `null` where there are no such orders; `undefined` when there is no such
 * seller
 */
export async function listStatsBuckets(
  db: Kysely<Database>,
  filter: BucketFilter,
): Promise<{ buckets: StatsBucket[]; later: LaterOrders | null } | undefined> {
  const bucket = bucketOf(filter.granularity);
  const buckets = db
    .selectFrom('users as u')
    .leftJoin('daily_order_stats as s', (join) =>
      join
        .onRef('s.user_id', '=', 'u.id')
        .on((eb) => counts(eb, { ...filter, to: filter.to ?? filter.laterFrom }))
        // A day's orders may all have moved away; what is left of it means the same as no row.
        .on(sql<boolean>`(s.orders_count <> 0 OR s.total_revenue <> 0)`),
    )
    .select(bucket.as('date'))
    .select([ordersCount.as('orders_count'), asText(totalRevenue).as('total_revenue')])
    .select(asText(average).as('avg_order_value'))
    .where('u.username', '=', filter.user)
    .groupBy(['u.id', bucket])
    .orderBy(bucket)
    .limit(filter.limit);
  // As one text: the Data API makes an object of every field, which takes longer than the query.
  const row = await db
    .selectFrom(buckets.as('b'))
    .select(sql<string | null>`json_agg(b ORDER BY b.date)::text`.as('buckets'))
    .select((filter.laterFrom ? laterOrders(db, filter) : sql<null>`NULL::text`).as('later'))
    .executeTakeFirst();
  if (!row?.buckets) return undefined;
  const found = JSON.parse(row.buckets) as (StatsBucket | { date: null })[];
  const later = JSON.parse(row.later ?? 'null') as LaterOrders | { first_day: null } | null;
  return {
    buckets: found.filter((bucket) => bucket.date !== null),
    later: later?.first_day ? later : null,
  };
}

/** `LaterOrders` as JSON. */
function laterOrders(db: Kysely<Database>, filter: BucketFilter) {
  const later = db
    .selectFrom('daily_order_stats as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .select([ordersCount.as('orders_count'), asText(totalRevenue).as('total_revenue')])
    .select([asText(average).as('avg_order_value')])
    .select([sql`min(s.day)`.as('first_day'), sql`max(s.day)`.as('last_day')])
    .where('u.username', '=', filter.user)
    .where((eb) => counts(eb, { ...filter, from: filter.laterFrom }))
    .where(sql<boolean>`(s.orders_count <> 0 OR s.total_revenue <> 0)`);
  return sql<string | null>`(SELECT to_json(l) FROM ${later.as('l')})::text`;
}

/** The first day of a row's bucket. */
function bucketOf(granularity: Granularity): RawBuilder<string | null> {
  if (granularity === 'day') return sql`s.day`;
  // A literal: as a parameter it would be bound twice, and GROUP BY would not know it again.
  return sql`date_trunc(${sql.lit(granularity)}, s.day::timestamp)::date`;
}

/** Which rows of the roll-up a filter lets count. */
function counts(
  eb: ExpressionBuilder<Database & { s: Database['daily_order_stats'] }, 's'>,
  { from, to, statuses = [] }: StatsFilter,
) {
  const conditions = [
    ...(from ? [sql<boolean>`s.day >= ${from}::date`] : []),
    ...(to ? [sql<boolean>`s.day < ${to}::date`] : []),
    ...(statuses.length > 0 ? [eb('s.status', 'in', statuses)] : []),
  ];
  return eb.and(conditions);
}

/** JSON numbers would be read as binary fractions. */
const asText = (amount: RawBuilder<string>) => sql<string>`(${amount})::text`;

// Aggregates over rows of the roll-up, which are called `s` where they are used.

export const ordersCount: RawBuilder<number> = sql`coalesce(sum(s.orders_count), 0)::bigint`;

export const totalRevenue: RawBuilder<string> = sql`coalesce(sum(s.total_revenue), 0)::numeric(38, 2)`;

/**
 * In whole half-cents: PostgreSQL's `/` rounds to some 16 digits first, and a large quotient just
 * below half a cent would be rounded twice.
 */
export const average: RawBuilder<string> = sql`
  coalesce(
    sign(sum(s.total_revenue))
      * div(200 * abs(sum(s.total_revenue)) + sum(s.orders_count), 2 * nullif(sum(s.orders_count), 0))
      * 0.01,
    0
  )::numeric(38, 2)`;
