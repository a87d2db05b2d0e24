import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database, NightlyRunTable } from '../schema.ts';

/** A run of the nightly function as the admin lists it. */
export interface ListedRun
  extends Pick<
    NightlyRunTable,
    'id' | 'kind' | 'status' | 'duration_ms' | 'days_checked' | 'rows_checked' | 'error'
  > {
  /** UTC, as `2025-11-12 00:15` */
  started_at: string;
  /** The first and the last UTC day that it was to compute. */
  first_day: string;
  last_day: string;
  drift_found: number;
  drift_repaired: number;
  orders_damaged: number;
}

/**
 * Runs of the nightly function, the newest first.
 *
 * @param before the id of the run before which to begin
 */
export async function listRuns(
  db: Kysely<Database>,
  { before, limit }: { readonly before?: string | undefined; readonly limit: number },
): Promise<ListedRun[]> {
  return (await listRunsStatement(before, limit).execute(db)).rows;
}

export function listRunsStatement(
  before: string | undefined,
  limit: number,
): RawBuilder<ListedRun> {
  const older = before
    ? sql`
      WHERE r.started_at <= (SELECT started_at FROM nightly_runs WHERE id = ${before}::uuid) -- found by the index
        AND (r.started_at, r.id) < (SELECT started_at, id FROM nightly_runs WHERE id = ${before}::uuid)`
    : sql``;
  return sql`
    SELECT id, kind, status, duration_ms, days_checked, rows_checked, error, drift_found, drift_repaired,
      orders_damaged,
      to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS started_at,
      period_from::text AS first_day, (period_to - 1)::text AS last_day
    FROM nightly_runs AS r ${older}
    ORDER BY r.started_at DESC, r.id DESC
    LIMIT ${sql.lit(limit)}`;
}
