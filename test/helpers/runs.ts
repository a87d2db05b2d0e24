import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Database } from '../../db/schema.ts';
import { beginRun, countRun, finishRun, type RunCounts } from '../../db/stats/nightly-runs.ts';

/** The day that a scheduled run of the tests computes. */
export const DAY = '2025-11-12';

/** Starts such a run, and answers its id. */
export async function startRun(db: Kysely<Database>): Promise<string> {
  const id = randomUUID();
  await beginRun(db, { id, kind: 'night', from: DAY, to: '2025-11-13' });
  return id;
}

/** Ends a run that went well, and answers what it found. */
export async function endRun(db: Kysely<Database>, id: string): Promise<RunCounts> {
  const counts = await countRun(db, id);
  await finishRun(db, id, { status: 'succeeded', days_checked: 1, rows_checked: 1 });
  return counts;
}
