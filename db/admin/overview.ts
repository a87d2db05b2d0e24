import { type Kysely, type RawBuilder, sql } from 'kysely';
import { addDays, dayNumber, dayText, startOf } from '../days.ts';
import type { Database } from '../schema.ts';

/** What some orders come to. Money is decimal text with 2 places, exact. */
export interface Figures {
  orders_count: number;
  total_revenue: string;
  /** Without the orders that are cancelled. */
  kept_revenue: string;
}

/** A period beside the one that it is compared with. */
export interface Compared extends Figures {
  readonly first_day: string;
  readonly last_day: string;
  before: Figures & { readonly first_day: string; readonly last_day: string };
}

export type PeriodName = 'today' | 'yesterday' | 'week' | 'days';

/** How all sellers' orders of the last days stand; read from the roll-up. */
export interface Overview {
  readonly periods: Readonly<Record<PeriodName, Compared>>;
  /** Of twice `DAYS` up to today, oldest first; days without orders are absent. */
  readonly days: readonly (Figures & { readonly day: string })[];
  /** Of the last `DAYS`: those with most orders first, 12 at most. */
  readonly statuses: readonly (Figures & { readonly status: string })[];
  /** Of the last `DAYS`: those with most revenue first, 10 at most. */
  readonly sellers: readonly (Figures & { readonly seller: string })[];
}

/** The days that the overview draws, beside as many before them. */
export const DAYS = 30;

export const MAX_STATUSES = 12;
const MAX_SELLERS = 10;

/**
 * @param today the UTC day that has not ended
 * @param cancelled statuses whose orders are no revenue, in small letters
 */
export async function findOverview(
  db: Kysely<Database>,
  today: string,
  cancelled: readonly string[],
): Promise<Overview> {
  const { rows } = await findOverviewStatement(today, cancelled).execute(db);
  const { figures, ...lists } = JSON.parse(rows[0]?.overview ?? '{}') as Lists;
  const bounds = periodsOf(today);
  const periodOf = (name: PeriodName): Compared => {
    const [own, before] = bounds[name];
    return {
      ...spanOf(own),
      ...figuresOf(figures, name),
      before: { ...spanOf(before), ...figuresOf(figures, `before_${name}`) },
    };
  };
  const periods = {
    today: periodOf('today'),
    yesterday: periodOf('yesterday'),
    week: periodOf('week'),
    days: periodOf('days'),
  };
  return { periods, ...lists };
}

type Lists = Omit<Overview, 'periods'> & { readonly figures: readonly NamedFigures[] };
type NamedFigures = Figures & { readonly name: string };
type Bounds = readonly [firstDay: string, lastDay: string];

const spanOf = ([first_day, last_day]: Bounds) => ({ first_day, last_day });

const NO_FIGURES: Figures = { orders_count: 0, total_revenue: '0.00', kept_revenue: '0.00' };

function figuresOf(list: readonly NamedFigures[], name: string): Figures {
  const { name: _, ...figures } = list.find((one) => one.name === name) ?? { name, ...NO_FIGURES };
  return figures;
}

/**
 * Each period and what it is compared with. A day with the same day of the week before, since a
 * Sunday is no Monday; the week so far with the last one up to the same day.
 */
function periodsOf(today: string): Readonly<Record<PeriodName, readonly [Bounds, Bounds]>> {
  const monday = dayText(startOf(dayNumber(today), 'week'));
  const span = (firstDay: string, lastDay: string, daysBefore: number) =>
    [
      [firstDay, lastDay],
      [addDays(firstDay, -daysBefore), addDays(lastDay, -daysBefore)],
    ] as const;
  const yesterday = addDays(today, -1);
  return {
    today: span(today, today, 7),
    yesterday: span(yesterday, yesterday, 7),
    week: span(monday, today, 7),
    days: span(addDays(today, 1 - DAYS), today, DAYS),
  };
}

/** @returns a query whose `overview` is JSON */
export function findOverviewStatement(
  today: string,
  cancelled: readonly string[],
): RawBuilder<{ overview: string }> {
  const periods = Object.entries(periodsOf(today)).flatMap(([name, [own, before]]) => [
    [name, ...own],
    [`before_${name}`, ...before],
  ]);
  const { days } = periodsOf(today);
  const [[firstDay]] = days;
  const sums = sql`sum(orders_count)::bigint AS orders_count, sum(total_revenue)::text AS total_revenue,
      coalesce(sum(total_revenue) FILTER (WHERE NOT is_cancelled), 0)::numeric(38, 2)::text AS kept_revenue`;
  return sql`
    WITH added AS MATERIALIZED ( -- many rows become few here
      SELECT day, status, sum(orders_count) AS orders_count, sum(total_revenue) AS total_revenue
      FROM daily_order_stats
      WHERE day > ${today}::date - ${sql.lit(2 * DAYS)} AND day <= ${today}::date
      GROUP BY day, status
    ),
    recent AS MATERIALIZED (
      SELECT day, status, orders_count, total_revenue,
        lower(status COLLATE pg_c_utf8) = ANY (
          ARRAY(SELECT json_array_elements_text(${JSON.stringify(cancelled)}::json))
        ) AS is_cancelled
      FROM added WHERE orders_count <> 0 OR total_revenue <> 0 -- what is left of a day means the same as no row
    ),
    periods (name, first_day, last_day) AS (VALUES ${sql.join(
      periods.map(([name, first, last]) => sql`(${sql.lit(name)}, ${first}::date, ${last}::date)`),
    )}),
    figures AS (
      SELECT name, ${sums}
      FROM periods JOIN recent ON day BETWEEN first_day AND last_day GROUP BY name
    ),
    days AS (SELECT day, ${sums} FROM recent GROUP BY day ORDER BY day),
    statuses AS (
      SELECT status, ${sums} FROM recent WHERE day >= ${firstDay}::date
      GROUP BY status ORDER BY 2 DESC, 1 LIMIT ${sql.lit(MAX_STATUSES)}
    ),
    top AS (
      SELECT user_id, sum(total_revenue) AS total_revenue FROM daily_order_stats
      WHERE day >= ${firstDay}::date AND day <= ${today}::date
      GROUP BY user_id HAVING sum(orders_count) > 0 ORDER BY 2 DESC, 1 LIMIT ${sql.lit(MAX_SELLERS)}
    ),
    sellers AS (
      SELECT u.username AS seller, f.*
      FROM top JOIN users AS u ON u.id = top.user_id
      CROSS JOIN LATERAL (
        SELECT ${sums}
        FROM (
          SELECT orders_count, total_revenue,
            status IN (SELECT c.status FROM recent AS c WHERE c.is_cancelled) AS is_cancelled
          FROM daily_order_stats
          WHERE user_id = top.user_id AND day >= ${firstDay}::date AND day <= ${today}::date
        ) AS own
      ) AS f
      ORDER BY top.total_revenue DESC, top.user_id
    )
    SELECT json_build_object(
      'figures', (SELECT coalesce(json_agg(figures), '[]') FROM figures),
      'days', (SELECT coalesce(json_agg(days), '[]') FROM days),
      'statuses', (SELECT coalesce(json_agg(statuses), '[]') FROM statuses),
      'sellers', (SELECT coalesce(json_agg(sellers), '[]') FROM sellers)
    )::text AS overview`;
}
