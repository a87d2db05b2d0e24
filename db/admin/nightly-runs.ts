import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database, NightlyRunTable } from '../schema.ts';
import { selectList } from './select-list.ts';

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
 * @param from the id of the run with which to begin @default the newest
 */
export async function listRuns(
  db: Kysely<Database>,
  { from, limit }: { readonly from?: string | undefined; readonly limit: number },
): Promise<ListedRun[]> {
  return (await listRunsStatement(from, limit).execute(db)).rows;
}

export function listRunsStatement(from: string | undefined, limit: number): RawBuilder<ListedRun> {
  const older = from
    ? sql`
      WHERE r.started_at <= (SELECT started_at FROM nightly_runs WHERE id = ${from}::uuid) -- found by the index
        AND (r.started_at, r.id) <= (SELECT started_at, id FROM nightly_runs WHERE id = ${from}::uuid)`
    : sql``;
  return sql`
    SELECT ${LISTED_RUN}
    FROM nightly_runs AS r ${older}
    ORDER BY r.started_at DESC, r.id DESC
    LIMIT ${sql.lit(limit)}`;
}

const LISTED_RUN = selectList<ListedRun>({
  id: sql`r.id`,
  kind: sql`r.kind`,
  status: sql`r.status`,
  duration_ms: sql`r.duration_ms`,
  days_checked: sql`r.days_checked`,
  rows_checked: sql`r.rows_checked`,
  error: sql`r.error`,
  drift_found: sql`r.drift_found`,
  drift_repaired: sql`r.drift_repaired`,
  orders_damaged: sql`r.orders_damaged`,
  started_at: sql`to_char(r.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')`,
  first_day: sql`r.period_from::text`,
  last_day: sql`(r.period_to - 1)::text`,
});
