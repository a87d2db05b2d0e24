import type pg from 'pg';

/** How many statements wait for another transaction; those that a test has stopped are none. */
export async function lockWaits(client: pg.Client): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity
     WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event <> 'advisory'`,
  );
  return rows[0].count;
}
