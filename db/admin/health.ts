import { type Kysely, type RawBuilder, sql } from 'kysely';
import { END } from '../keys/key-place.ts';
import type { Database, NightlyRunTable } from '../schema.ts';
import { isProved } from '../stats/proved-days.ts';
import { type ListedRefusal, listRefusalsStatement } from './refusals-list.ts';

/** How the last scheduled run of the nightly job went. */
export interface LastNight {
  readonly status: NightlyRunTable['status'];
  /** `2025-11-13T00:15:00Z` */
  readonly started_at: string;
  /** The UTC day that it was to compute. */
  readonly day: string;
  readonly drift_found: number;
  readonly drift_repaired: number;
  readonly orders_damaged: number;
  /** Whether something that can wait has failed, and is left to another night. */
  readonly has_left: boolean;
}

/** A key that soon opens nothing any more, and that no other has replaced. */
export interface ExpiringKey {
  readonly id: string;
  readonly seller: string;
  readonly label: string;
  /** `2025-11-13T00:15:00Z` */
  readonly expires_at: string;
}

/** What somebody may have to do something about. */
export interface Health {
  /** `null` when there was none yet. */
  readonly night: LastNight | null;
  /** The first day that has ended and was not computed again from its orders since. */
  readonly unproved_day: string | null;
  /** Those that expire first, 10 at most. */
  readonly expiring_keys: readonly ExpiringKey[];
  /** How many more expire soon. */
  readonly more_expiring_keys: number;
  /** Refused uploads, the latest first, 5 at most. */
  readonly refusals: readonly ListedRefusal[];
}

export const EXPIRES_SOON = sql`interval '14 days'`;
const MAX_KEYS = 10;
const MAX_REFUSALS = 5;

/** @param today the UTC day that has not ended */
export async function findHealth(db: Kysely<Database>, today: string): Promise<Health> {
  const { rows } = await findHealthStatement(today).execute(db);
  return JSON.parse(rows[0]?.health ?? 'null') as Health;
}

/** @returns a query whose `health` is JSON */
export function findHealthStatement(today: string): RawBuilder<{ health: string }> {
  return sql`
    WITH night AS (
      SELECT status, ${instant(sql`started_at`)} AS started_at, period_from::text AS day,
        drift_found, drift_repaired, orders_damaged,
        status = 'succeeded' AND error IS NOT NULL AS has_left
      FROM nightly_runs AS r WHERE kind = 'night' ORDER BY r.started_at DESC LIMIT 1
    ),
    unproved AS (
      SELECT series.day::date AS day
      FROM generate_series((
        SELECT date_trunc('day', created_at AT TIME ZONE 'UTC') FROM orders ORDER BY created_at, id LIMIT 1
      ), ${today}::timestamp - interval '1 day', '1 day') AS series (day)
      WHERE NOT ${isProved(sql`series.day::date`)}
      LIMIT 1
    ),
    ending AS MATERIALIZED (
      SELECT id, user_id, label, expires_at FROM seller_keys
      WHERE ${END} > now() AND ${END} < now() + ${EXPIRES_SOON}
        AND revoked_at IS NULL AND replaced_by IS NULL
    ),
    expiring AS (
      SELECT k.id, u.username AS seller, k.label, ${instant(sql`k.expires_at`)} AS expires_at
      FROM (SELECT * FROM ending ORDER BY expires_at, id LIMIT ${sql.lit(MAX_KEYS)}) AS k
      JOIN users AS u ON u.id = k.user_id ORDER BY k.expires_at, k.id
    ),
    refused AS (${listRefusalsStatement({ limit: MAX_REFUSALS })})
    SELECT json_build_object(
      'night', (SELECT to_json(night) FROM night),
      'unproved_day', (SELECT day::text FROM unproved),
      'expiring_keys', (SELECT coalesce(json_agg(expiring), '[]') FROM expiring),
      'more_expiring_keys', (SELECT greatest(0, count(*) - ${sql.lit(MAX_KEYS)}) FROM ending),
      'refusals', (SELECT coalesce(json_agg(refused), '[]') FROM refused)
    )::text AS health`;
}

const instant = (column: RawBuilder<unknown>) =>
  sql`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
