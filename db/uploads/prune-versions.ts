import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** Some tenths of a second of PostgreSQL's time. */
const STEP_ROWS = 10_000;

/**
 * Deletes what orders were longer ago than so many days, in steps for as long as there is time: the
 * next time goes on.
 *
 * @param trying does a statement, again if need be
 * @returns how many versions were deleted
 */
export async function pruneVersions(
  db: Kysely<Database>,
  keptDays: number,
  {
    trying,
    hasTime,
  }: { trying: <T>(work: () => Promise<T>) => Promise<T>; hasTime: () => boolean },
): Promise<number> {
  let pruned = 0;
  while (hasTime()) {
    const { rows } = await trying(() => pruneVersionsStatement(keptDays, STEP_ROWS).execute(db));
    const count = rows[0]?.pruned ?? 0;
    pruned += count;
    if (count < STEP_ROWS) break;
  }
  return pruned;
}

export function pruneVersionsStatement(
  keptDays: number,
  atMost: number,
): RawBuilder<{ pruned: number }> {
  return sql`
WITH old AS (
  SELECT ctid FROM order_versions
  WHERE replaced_at < now() - make_interval(days => ${keptDays}::integer)
  LIMIT ${atMost}
),
gone AS (
  DELETE FROM order_versions AS v USING old WHERE v.ctid = old.ctid RETURNING true AS done
)
SELECT count(*)::integer AS pruned FROM gone`;
}
