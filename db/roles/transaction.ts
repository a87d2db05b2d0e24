import { type Kysely, sql, type Transaction } from 'kysely';
import { sqlStateOf } from '../data-api/errors.ts';
import type { Database } from '../schema.ts';

/** Other databases' migrations on the same server may each win a race once. */
const MAX_ATTEMPTS = 10;

/** Less than the Data API's 45 s; who has not got a lock by then may come again (55P03). */
const LOCK_TIMEOUT = '20s';

/**
 * What `work` answers in a transaction that follows those of other migrations of the database: two
 * GRANTs on the same table at once fail. The lock is on a table that no role may use, so that none
 * can keep a deploy waiting; an advisory lock anybody can take.
 */
export async function inRoleTransaction<T>(
  db: Kysely<Database>,
  work: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await db.transaction().execute(async (trx) => {
        await sql`SELECT set_config('lock_timeout', ${LOCK_TIMEOUT}, true)`.execute(trx);
        await sql`LOCK TABLE schema_migrations_lock IN EXCLUSIVE MODE`.execute(trx);
        return await work(trx);
      });
    } catch (error) {
      if (!lostRoleRace(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/**
 * Roles are the server's, not the database's: another database's migration may be making the same.
 * Who loses finds the role there (42710, 23505) or its row changed (XX000), and has only to look
 * again.
 */
function lostRoleRace(error: unknown): boolean {
  const state = error instanceof Error ? sqlStateOf(error) : undefined;
  return state === '42710' || state === '23505' || state === 'XX000';
}
