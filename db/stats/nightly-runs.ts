import { type Kysely, sql } from 'kysely';
import type { Database, NightlyRunTable } from '../schema.ts';

/** What a run set out to do. */
export interface PlannedRun {
  /** A UUID of the caller's choice, so that a lost answer does not lead to a second run. */
  readonly id: string;
  readonly kind: NightlyRunTable['kind'];
  readonly from: string;
  /** The first day that no longer belongs to the period. */
  readonly to: string;
}

/** What became of it. */
export interface RunOutcome {
  readonly status: 'succeeded' | 'unfinished' | 'failed';
  readonly days_checked: number;
  readonly rows_checked: number;
  /** @default none were looked at */
  readonly orders_checked?: number;
  readonly error?: string | undefined;
}

/** What a run has counted when it ends. */
export interface RunCounts {
  duration_ms: number;
  /** Rows of the roll-up that were wrong, in this run and in abandoned ones that it noticed. */
  drift_found: number;
  drift_repaired: number;
  /** Orders of which other items are stored than were uploaded, counted as the drift is. */
  orders_damaged: number;
  abandoned_runs: number;
}

/**
 * After how long a run that has not finished never will: a Lambda function has at most 15 minutes.
 */
const ABANDONED_AFTER = sql`interval '16 minutes'`;

/** Records that a run begins, and notices those before it that ended without a word. */
export async function beginRun(db: Kysely<Database>, run: PlannedRun): Promise<void> {
  await sql`
    WITH noticed AS (
      UPDATE nightly_runs SET status = 'abandoned', noticed_by = ${run.id}::uuid
      WHERE status = 'running' AND started_at < now() - ${ABANDONED_AFTER}
    )
    INSERT INTO nightly_runs (id, kind, period_from, period_to, status)
    VALUES (${run.id}::uuid, ${run.kind}, ${run.from}::date, ${run.to}::date, 'running')
    ON CONFLICT (id) DO NOTHING`.execute(db);
}

/**
 * What a run and the abandoned runs that it noticed have counted. One of these may have noticed
 * others, of which it has told nobody.
 */
export async function countRun(db: Kysely<Database>, id: string): Promise<RunCounts> {
  const { rows } = await sql<RunCounts>`
    WITH RECURSIVE noticed AS (
      SELECT id, drift_found, drift_repaired, orders_damaged FROM nightly_runs
      WHERE noticed_by = ${id}::uuid
      UNION
      SELECT r.id, r.drift_found, r.drift_repaired, r.orders_damaged
      FROM nightly_runs AS r JOIN noticed AS n ON r.noticed_by = n.id
    )
    SELECT
      (1000 * extract(epoch FROM clock_timestamp() - started_at))::bigint AS duration_ms,
      drift_found + (SELECT coalesce(sum(drift_found), 0) FROM noticed)::bigint AS drift_found,
      drift_repaired + (SELECT coalesce(sum(drift_repaired), 0) FROM noticed)::bigint
        AS drift_repaired,
      orders_damaged + (SELECT coalesce(sum(orders_damaged), 0) FROM noticed)::bigint
        AS orders_damaged,
      (SELECT count(*) FROM noticed) AS abandoned_runs
    FROM nightly_runs WHERE id = ${id}::uuid`.execute(db);
  if (!rows[0]) throw new Error(`There is no run ${id}.`);
  return rows[0];
}

/**
 * Records how a run ended, about which nobody asks any more: what it has counted is told before.
 */
export async function finishRun(
  db: Kysely<Database>,
  id: string,
  outcome: RunOutcome,
): Promise<void> {
  const error = outcome.error
    ? sql`${outcome.error.slice(0, 1_000).toWellFormed()}::varchar`
    : sql`NULL`;
  await sql`
    UPDATE nightly_runs SET
      status = ${outcome.status},
      finished_at = clock_timestamp(),
      duration_ms = 1000 * extract(epoch FROM clock_timestamp() - started_at),
      days_checked = ${outcome.days_checked},
      rows_checked = ${outcome.rows_checked},
      orders_checked = ${outcome.orders_checked ?? 0},
      error = ${error}
    WHERE id = ${id}::uuid`.execute(db);
}
