import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** An upload that was refused: why, and nothing of what was in it. */
export interface UploadRefusal {
  /** The key's seller. */
  readonly user: string;
  readonly keyId: string;
  readonly requestId: string;
  readonly status: number;
  /** Of the first error that was answered, or `status-413` where a problem has none. */
  readonly code: string;
  /** Where that is, in names and places alone; or empty. */
  readonly pointer: string;
  readonly errorsCount: number;
}

/** Counts a refusal in the row that its seller has for this day and code. */
export async function recordRefusal(db: Kysely<Database>, refusal: UploadRefusal): Promise<void> {
  await recordRefusalStatement(refusal).execute(db);
}

function recordRefusalStatement(refusal: UploadRefusal): RawBuilder<unknown> {
  const { user, keyId, requestId, status, code, pointer, errorsCount } = refusal;
  return sql`
INSERT INTO upload_refusals AS r (user_id, code, status, key_id, request_id, pointer, errors_count)
SELECT id, ${code}, ${status}::integer, ${keyId}, ${requestId}, ${pointer}, ${errorsCount}::integer
FROM users WHERE username = ${user}
ON CONFLICT (user_id, day, code) DO UPDATE SET
  refusals_count = r.refusals_count + 1, last_at = now(), status = excluded.status,
  key_id = excluded.key_id, request_id = excluded.request_id, pointer = excluded.pointer,
  errors_count = excluded.errors_count`;
}

/** For how many days refusals are kept. */
export const KEEP_REFUSALS_DAYS = 30;

/** Deletes the refusals of days that are long over. @returns how many rows that were */
export async function pruneRefusals(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ pruned: number }>`
WITH gone AS (
  DELETE FROM upload_refusals
  WHERE day < (now() AT TIME ZONE 'UTC')::date - ${sql.lit(KEEP_REFUSALS_DAYS)}
  RETURNING true AS done
)
SELECT count(*)::integer AS pruned FROM gone`.execute(db);
  return rows[0]?.pruned ?? 0;
}
