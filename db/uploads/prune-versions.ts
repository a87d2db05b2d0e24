import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** Some tenths of a second of PostgreSQL's time. */
const STEP_ROWS = 10_000;

/**
 * Deletes what orders were longer ago than so many days, in steps for as long as there is time: the
 * next time goes on.
 *
 * @param trying does a statement, again if need be
 * @param deleted is told after each step how many versions it has deleted
 */
export async function pruneVersions(
  db: Kysely<Database>,
  keptDays: number,
  {
    trying,
    hasTime,
    deleted,
  }: {
    trying: <T>(work: () => Promise<T>) => Promise<T>;
    hasTime: () => boolean;
    deleted: (count: number) => void;
  },
): Promise<void> {
  while (hasTime()) {
    const { rows } = await trying(() => pruneVersionsStatement(keptDays, STEP_ROWS).execute(db));
    const count = rows[0]?.pruned ?? 0;
    deleted(count);
    if (count < STEP_ROWS) return;
  }
}

/**
 * What is old is found without an index on time, which every change of an order would have to keep:
 * by the last receipt from before that time, since nothing is replaced without one. Each seller's
 * versions up to its transaction are first in an index that erasing and undoing need anyway. Where
 * two transactions overlapped, what it misses falls to a later night.
 */
export function pruneVersionsStatement(
  keptDays: number,
  atMost: number,
): RawBuilder<{ pruned: number }> {
  return sql`
WITH bound AS MATERIALIZED (
  SELECT xid FROM uploads
  WHERE id < (SELECT uuidv7(make_interval(days => -${keptDays}::integer)))
  ORDER BY id DESC LIMIT 1
),
old AS (
  SELECT v.ctid FROM users AS u
  CROSS JOIN LATERAL (
    SELECT ctid FROM order_versions
    WHERE user_id = u.id AND replaced_xid <= (SELECT xid FROM bound)
      AND replaced_at < now() - make_interval(days => ${keptDays}::integer)
    ORDER BY replaced_xid LIMIT ${atMost}
  ) AS v
  LIMIT ${atMost}
),
gone AS (
  DELETE FROM order_versions WHERE ctid = ANY (ARRAY(SELECT ctid FROM old)) RETURNING true AS done
)
SELECT count(*)::integer AS pruned FROM gone`;
}
