import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';
import type { FoundOtherwise } from './found-otherwise.ts';
import { LOGIN_NAMES, ROLE_NAMES } from './names.ts';
import { inRoleTransaction } from './transaction.ts';

/** Each takes a lock, of which PostgreSQL has some thousands for everybody. */
const REMOVED_AT_ONCE = 500;
/** What is left is the next migration's: a deploy must not wait for millions of them. */
const MAX_REMOVALS = 20;

/**
 * Removes the large objects of the roles and their logins. No function makes any; where PostgreSQL
 * lets everybody make them, only somebody who has taken over a function does.
 *
 * @param found to which those that there were are added, at most 10,000
 */
export async function removeLargeObjects(
  db: Kysely<Database>,
  found: FoundOtherwise,
): Promise<void> {
  for (let time = 1; time <= MAX_REMOVALS; time++) {
    const oids = await inRoleTransaction(db, async (trx) => {
      const removed = await removeSome(trx);
      for (const oid of removed) found.largeObjects.add(oid); // now: the commit may not be heard
      return removed;
    });
    if (oids.length === 0) break;
  }
}

/** @returns their object ids */
async function removeSome(trx: Transaction<Database>): Promise<number[]> {
  const { rows } = await sql<{ oid: number; owner: string; is_ours: boolean }>`
    SELECT oid, pg_get_userbyid(lomowner)::text AS owner, pg_has_role(lomowner, 'USAGE') AS is_ours
    FROM pg_largeobject_metadata
    WHERE pg_get_userbyid(lomowner) IN (${sql.join([...ROLE_NAMES, ...LOGIN_NAMES])})
    LIMIT ${sql.lit(REMOVED_AT_ONCE)}`.execute(trx);
  if (rows.length === 0) return [];
  // Who made a role may give it to anybody, itself included, but has not its rights unasked.
  const borrowed = [...new Set(rows.filter((row) => !row.is_ours).map((row) => row.owner))];
  for (const owner of borrowed) {
    await sql`GRANT ${sql.id(owner)} TO CURRENT_USER WITH INHERIT TRUE, SET FALSE`.execute(trx);
  }
  const oids = sql.join(rows.map(({ oid }) => sql.lit(oid)));
  await sql`SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE oid IN (${oids})`.execute(trx);
  for (const owner of borrowed) {
    await sql`REVOKE ${sql.id(owner)} FROM CURRENT_USER`.execute(trx);
  }
  return rows.map(({ oid }) => oid);
}
