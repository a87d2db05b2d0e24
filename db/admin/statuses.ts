import { type RawBuilder, sql } from 'kysely';

/** Statuses are free text: somebody may send a new one with every order. */
const MAX_KNOWN = 300;

/**
 * A query for the statuses of the roll-up, as `status`: each by one look into the index, the first
 * 300 by their texts, and the common ones.
 */
export const KNOWN_STATUSES: RawBuilder<unknown> = sql`(
  WITH RECURSIVE known (status) AS (
    (SELECT status FROM daily_order_stats ORDER BY status, day LIMIT 1)
    UNION ALL
    SELECT (
      SELECT s.status FROM daily_order_stats AS s
      WHERE s.status > known.status ORDER BY s.status, s.day LIMIT 1
    ) FROM known WHERE known.status IS NOT NULL
  )
  (SELECT status FROM known WHERE status IS NOT NULL LIMIT ${sql.lit(MAX_KNOWN)})
  UNION SELECT status FROM ${statusShares('orders')} AS common WHERE ${isStatus(sql`common.status`)}
)`;

/**
 * A query for which share of all orders each of the common statuses has, from 0 to 1, as `status`
 * and `share`: PostgreSQL's statistics, from the last ANALYZE. No row where there are none yet.
 */
export function statusShares(table: 'orders' | 'daily_order_stats'): RawBuilder<unknown> {
  return sql`(
  SELECT unnest(most_common_vals::text::text[]) AS status, unnest(most_common_freqs) AS share
  FROM pg_stats WHERE schemaname = 'public' AND tablename = ${sql.lit(table)} AND attname = 'status'
)`;
}

/** Whether some day's roll-up has a status, by one look into the index. */
function isStatus(status: RawBuilder<unknown>): RawBuilder<boolean> {
  return sql`EXISTS (SELECT FROM daily_order_stats AS d WHERE d.status = ${status})`;
}

/** Of all orders. Of a rarer status, a page would have to walk past more than 10,000 others. */
const RARE = 0.005;

/** What a filter's statuses are in this database. */
export interface FoundStatuses {
  /** As they are written, in each case that there is; those that were typed, also if none is. */
  readonly statuses: readonly string[];
  /**
   * Whether so few orders have one of them that looking at one order after the other would not
   * find them. Where there are no statistics yet, the table is small.
   */
  readonly isRare: boolean;
}

/** An expression for `FoundStatuses` as JSON. */
export function statusesNamed(typed: readonly string[]): RawBuilder<string> {
  const lower = (text: RawBuilder<unknown>) => sql`lower(${text} COLLATE pg_c_utf8)`;
  const upper = (text: RawBuilder<unknown>) => sql`upper(${text} COLLATE pg_c_utf8)`;
  const values = sql.join(typed.map((status) => sql`(${status}::text)`));
  const shares = statusShares('orders');
  return sql`(
    SELECT json_build_object(
      'statuses', json_agg(named.status),
      'isRare', EXISTS (SELECT FROM ${shares} AS any_share) AND coalesce(sum(s.share), 0) < ${sql.lit(RARE)}
    )::text
    FROM (
      SELECT status FROM (VALUES ${values}) AS typed (status)
      UNION
      SELECT form.status FROM (VALUES ${values}) AS typed (status), LATERAL (VALUES
        (${lower(sql`typed.status`)}), (${upper(sql`typed.status`)}),
        (${upper(sql`left(typed.status, 1)`)} || ${lower(sql`substr(typed.status, 2)`)})
      ) AS form (status)
      WHERE ${isStatus(sql`form.status`)}
      UNION
      SELECT known.status FROM ${KNOWN_STATUSES} AS known, (VALUES ${values}) AS typed (status)
      WHERE ${lower(sql`known.status`)} = ${lower(sql`typed.status`)}
    ) AS named
    LEFT JOIN ${shares} AS s ON s.status = named.status
  )`;
}
