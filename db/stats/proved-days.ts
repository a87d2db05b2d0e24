import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

// What was proved of a day before it ended says nothing of the orders that came later.

const endOf = (day: RawBuilder<unknown>) => sql`(${day} + 1)::timestamp AT TIME ZONE 'UTC'`;

/** @param day a date @returns whether it was proved after its end */
export const isProved = (day: RawBuilder<unknown>): RawBuilder<boolean> => sql`EXISTS (
  SELECT FROM proved_days AS p WHERE p.day = ${day} AND p.proved_at >= ${endOf(sql`p.day`)}
)`;

/**
 * The days before `day` that it is time to prove again, those longest unproved first (of whose
 * orders the items come last): so many that every day's turn comes within 28 scheduled runs,
 * also after runs that did not take place.
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
    ORDER BY ${afterwards(sql`items_proved_at`)} NULLS FIRST, ${afterwards(sql`proved_at`)} NULLS FIRST,
      days.day
    LIMIT (SELECT ceil(count(*) / 28.0) FROM days)`.execute(db);
  return rows.map((row) => row.day);
}

/** When that was, or `NULL` where it was before the day's end. */
const afterwards = (at: RawBuilder<unknown>) =>
  sql`CASE WHEN ${at} >= ${endOf(sql`days.day`)} THEN ${at} END`;
