import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** A night that no run was for, though there were nights before it. */
export interface MissingNight {
  /** The UTC day that it was to compute. */
  day: string;
  /** Whether a later run has computed the day. */
  is_computed: boolean;
}

/** More in one page's range are as many as anybody wants to hear of. */
const MOST = 1_000;

/**
 * The nights of a period's days, the first and the last one included, for which no run has begun;
 * the latest first.
 */
export async function listMissingNights(
  db: Kysely<Database>,
  firstDay: string,
  lastDay: string,
): Promise<MissingNight[]> {
  return (await listMissingNightsStatement(firstDay, lastDay).execute(db)).rows;
}

export function listMissingNightsStatement(
  firstDay: string,
  lastDay: string,
): RawBuilder<MissingNight> {
  return sql`
    WITH ran AS MATERIALIZED (
      SELECT period_from AS day FROM nightly_runs
      WHERE kind = 'night' AND started_at >= ${firstDay}::date -- a night comes after its day
    ),
    first AS (
      SELECT period_from AS day FROM nightly_runs WHERE kind = 'night' ORDER BY started_at LIMIT 1
    )
    SELECT d.day::date::text AS day,
      EXISTS (SELECT FROM proved_days AS p WHERE p.day = d.day::date) AS is_computed
    FROM first, generate_series(
      greatest(first.day, ${firstDay}::date)::timestamp, ${lastDay}::date::timestamp, '1 day'
    ) AS d (day)
    WHERE NOT EXISTS (SELECT FROM ran WHERE ran.day = d.day::date)
    ORDER BY d.day DESC
    LIMIT ${sql.lit(MOST)}`;
}
