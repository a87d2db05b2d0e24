import type { Kysely } from 'kysely';
import type { DatabaseClock } from '../../db/data-api/database-clock.ts';
import type { Database } from '../../db/schema.ts';

/** Where actions are done. */
export interface ActionsDatabase {
  readonly db: Kysely<Database>;
  readonly clock: DatabaseClock;
}
