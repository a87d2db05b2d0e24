import { type Kysely, type RawBuilder, sql } from 'kysely';
import { addDays } from '../days.ts';
import type { Database } from '../schema.ts';
import { isProved } from '../stats/proved-days.ts';

/** A night that no run was for, though there were nights before it. */
export interface MissingNight {
  /** The UTC day that it was to compute. */
  day: string;
  /** Whether a run has computed the day after its end. */
  is_computed: boolean;
}

/** Missing nights in a row, of which none or all are computed. */
interface Gap {
  readonly last_day: string;
  readonly nights: number;
  readonly is_computed: boolean;
}

/**
 * The nights of a period's days, the first and the last one included, for which no run has begun;
 * the latest first.
 */
export async function listMissingNights(
  db: Kysely<Database>,
  firstDay: string,
  lastDay: string,
): Promise<MissingNight[]> {
  const { rows: gaps } = await listGapsStatement(firstDay, lastDay).execute(db);
  return gaps.flatMap(({ last_day, nights, is_computed }) =>
    Array.from({ length: nights }, (_, i) => ({ day: addDays(last_day, -i), is_computed })),
  );
}

/** A gap is a row, however long it is: nights by themselves would outgrow an answer. */
function listGapsStatement(firstDay: string, lastDay: string): RawBuilder<Gap> {
  return sql`
    WITH ran AS MATERIALIZED (
      SELECT period_from AS day FROM nightly_runs
      WHERE kind = 'night' AND started_at >= ${firstDay}::date -- a night comes after its day
    ),
    first AS (
      SELECT period_from AS day FROM nightly_runs WHERE kind = 'night' ORDER BY started_at LIMIT 1
    ),
    missing AS (
      SELECT d.day::date AS day,
        ${isProved(sql`d.day::date`)} AS is_computed
      FROM first, generate_series(
        greatest(first.day, ${firstDay}::date)::timestamp, ${lastDay}::date::timestamp, '1 day'
      ) AS d (day)
      WHERE NOT EXISTS (SELECT FROM ran WHERE ran.day = d.day::date)
    ),
    numbered AS (
      SELECT day, is_computed, day - (row_number() OVER (PARTITION BY is_computed ORDER BY day))::int AS gap
      FROM missing
    )
    SELECT max(day)::text AS last_day, count(*)::int AS nights, is_computed
    FROM numbered GROUP BY gap, is_computed ORDER BY max(day) DESC`;
}
