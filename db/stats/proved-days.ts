import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

// What was proved of a day before it ended says nothing of the orders that came later.

const endOf = (day: RawBuilder<unknown>) => sql`(${day} + 1)::timestamp AT TIME ZONE 'UTC'`;

/** @param day a date @returns whether it was proved after its end */
export const isProved = (day: RawBuilder<unknown>): RawBuilder<boolean> => sql`EXISTS (
  SELECT FROM proved_days AS p WHERE p.day = ${day} AND p.proved_at >= ${endOf(sql`p.day`)}
)`;

/**
 * The days before `day` that it is time to prove again, those longest unproved first, of whose
 * orders the items come last; one that failed has had its turn. They are so many that every day's
 * turn comes within 28 scheduled runs, also after runs that did not take place.
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
    ORDER BY ${lastTurn(sql`items_proved_at`)} NULLS FIRST, ${lastTurn(sql`proved_at`)} NULLS FIRST,
      days.day
    LIMIT (SELECT ceil(count(*) / 28.0) FROM days)`.execute(db);
  return rows.map((row) => row.day);
}

/** When a day was proved after its end, or failed since; `NULL` where neither was. */
const lastTurn = (provedAt: RawBuilder<unknown>) => sql`
  greatest(CASE WHEN ${provedAt} >= ${endOf(sql`days.day`)} THEN ${provedAt} END, failed_at)`;

/** Records that proving a day has failed, so that its next turn comes after those of others. */
export async function leaveDay(db: Kysely<Database>, day: string): Promise<void> {
  await sql`
    INSERT INTO proved_days (day, proofs, failed_at) VALUES (${day}::date, 0, now())
    ON CONFLICT (day) DO UPDATE SET failed_at = now()`.execute(db);
}
