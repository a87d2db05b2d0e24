import type { Client } from 'pg';
import { expect } from 'vitest';
import { eventually } from './eventually.ts';

/**
 * Resolves when everything is over that is going on in the cluster: changes are given only then,
 * and other test files have transactions in it, too.
 */
export async function settled(pg: Client): Promise<void> {
  const { rows } = await pg.query<{ next: string }>(
    'SELECT pg_snapshot_xmax(pg_current_snapshot()) AS next',
  );
  await eventually(async () => {
    const { rowCount } = await pg.query(
      'SELECT WHERE pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8',
      [rows[0]?.next],
    );
    expect(rowCount).toBe(1);
  });
}
