import { type Kysely, sql } from 'kysely';
import type { Database, NightlyRunTable } from '../schema.ts';
import { type DayProof, proveDayStatement } from './day-proof.ts';
import { type ItemsPortion, type OrderPlace, proveItemsStatement } from './items-proof.ts';

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

/** What a finished run counted. */
export interface RunCounts {
  duration_ms: number;
  /** Rows of the roll-up that were wrong, in this run and in abandoned ones that it noticed. */
  drift_found: number;
  drift_repaired: number;
  /** Orders of which other items are stored than were uploaded, counted as the drift is. */
  orders_damaged: number;
  abandoned_runs: number;
}

/** After how long a run that has not finished never will: a Lambda function has at most 15 minutes. */
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

/** Records how a run ended, and answers what it and the abandoned runs that it noticed have counted. */
export async function finishRun(
  db: Kysely<Database>,
  id: string,
  outcome: RunOutcome,
): Promise<RunCounts> {
  const error = outcome.error ? sql`${outcome.error.slice(0, 1_000)}::varchar` : sql`NULL`;
  const { rows } = await sql<RunCounts>`
    WITH noticed AS (
      SELECT drift_found, drift_repaired, orders_damaged FROM nightly_runs
      WHERE noticed_by = ${id}::uuid
    )
    UPDATE nightly_runs AS r SET
      status = ${outcome.status},
      finished_at = clock_timestamp(),
      duration_ms = 1000 * extract(epoch FROM clock_timestamp() - started_at),
      days_checked = ${outcome.days_checked},
      rows_checked = ${outcome.rows_checked},
      orders_checked = ${outcome.orders_checked ?? 0},
      error = ${error}
    WHERE id = ${id}::uuid
    RETURNING
      duration_ms,
      drift_found + (SELECT coalesce(sum(drift_found), 0) FROM noticed)::bigint AS drift_found,
      drift_repaired + (SELECT coalesce(sum(drift_repaired), 0) FROM noticed)::bigint
        AS drift_repaired,
      orders_damaged + (SELECT coalesce(sum(orders_damaged), 0) FROM noticed)::bigint
        AS orders_damaged,
      (SELECT count(*) FROM noticed) AS abandoned_runs`.execute(db);
  if (!rows[0]) throw new Error(`There is no run ${id}.`);
  return rows[0];
}

/** Computes a day from its orders and repairs the roll-up; see `proveDayStatement`. */
export async function computeDay(
  db: Kysely<Database>,
  day: string,
  runId: string,
): Promise<DayProof> {
  for (;;) {
    const { rows } = await proveDayStatement(day, runId).execute(db);
    if (rows[0]?.proved) return rows[0];
  }
}

/** What comparing items with what was uploaded came to so far. */
export interface CheckedItems {
  orders_checked: number;
  orders_damaged: number;
  /** The first ten of those, by the id of the order and how many items it has. */
  damaged_examples: { order_id: number; items_stored: number }[];
}

/** Some tenths of a second of PostgreSQL's time, and as many orders as that may be with few items each. */
const PORTION: ItemsPortion = { orders: 20_000, lines: 100_000 };

/** One order with more lines than a portion: an upload's 16 MiB hold fewer than this. */
const LARGE_ORDER: ItemsPortion = { orders: 1, lines: 1_000_000 };

/**
 * Compares the items of a day's orders with what was uploaded, in portions; see `proveItemsStatement`.
 *
 * @param checked to which each portion's outcome is added
 * @param trying does a statement, again if need be
 * @param hasTime whether there is time for another portion
 * @returns whether the day was done; what is not comes first the next time
 */
export async function checkItems(
  db: Kysely<Database>,
  day: string,
  runId: string,
  checked: CheckedItems,
  {
    trying,
    hasTime,
  }: { trying: <T>(work: () => Promise<T>) => Promise<T>; hasTime: () => boolean },
): Promise<boolean> {
  let after: OrderPlace | undefined;
  let portion = PORTION;
  while (hasTime()) {
    const { rows } = await trying(() =>
      proveItemsStatement(day, after, portion, runId).execute(db),
    );
    const [proof] = rows;
    if (!proof) throw new Error('The statement that compares items answered no row.');
    checked.orders_checked += proof.orders_checked;
    checked.orders_damaged += proof.orders_damaged;
    const room = 10 - checked.damaged_examples.length;
    checked.damaged_examples.push(...JSON.parse(proof.damaged_examples).slice(0, room));
    if (proof.is_end) return true;
    const { last_at, last_id } = proof;
    if (last_at !== null && last_id !== null) after = { at: last_at, id: last_id };
    portion = proof.orders_checked === 0 ? LARGE_ORDER : PORTION;
  }
  return false;
}

/**
 * The days before `day` that it is time to prove again, those longest unproved first (of whose orders
 * the items come last): so many that every day's turn comes within 28 nights, also after nights that did
 * not take place.
 */
export async function listDaysToProve(db: Kysely<Database>, day: string): Promise<string[]> {
  const { rows } = await sql<{ day: string }>`
    WITH firsts AS (
      SELECT least(
        (SELECT (created_at AT TIME ZONE 'UTC')::date FROM orders
         WHERE user_id = u.id ORDER BY created_at LIMIT 1),
        (SELECT d.day FROM daily_order_stats AS d WHERE d.user_id = u.id ORDER BY d.day LIMIT 1)
      ) AS day
      FROM users AS u
    ),
    days AS (
      SELECT day::date
      FROM generate_series((SELECT min(day) FROM firsts)::timestamp, ${day}::date - 1, '1 day') AS day
    )
    SELECT days.day::text AS day
    FROM days LEFT JOIN proved_days USING (day)
    ORDER BY items_proved_at NULLS FIRST, proved_at NULLS FIRST, days.day
    LIMIT (SELECT ceil(count(*) / 28.0) FROM days)`.execute(db);
  return rows.map((row) => row.day);
}
