import type pg from 'pg';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/**
 * Resolves once so many statements of a client's database wait for another transaction; those that
 * a test has stopped do not count.
 */
export async function untilLockWaits(client: pg.Client, count: number): Promise<void> {
  await eventually(async () => {
    const { rows } = await client.query(
      `SELECT count(*)::int AS waiting FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'
         AND wait_event <> 'advisory'`,
    );
    expect(rows).toEqual([{ waiting: count }]);
  });
}
