import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';

/** How a key stands at this moment. */
export type KeyState = 'active' | 'expired' | 'revoked';

/** What checking a key needs. */
export interface CheckedKey {
  username: string;
  /** Divided by spaces. */
  scopes: string;
  /** In hexadecimal. */
  secret_sha256: string;
  state: KeyState;
  /** Milliseconds since the epoch. */
  expires_at_ms: number | null;
}

/** What is stored of a key that must fit what is sent. */
export interface StoredKey {
  readonly id: string;
  /** In hexadecimal. */
  readonly secretSha256: string;
}

/** Of `seller_keys AS k`. */
export const KEY_STATE = sql<KeyState>`
  CASE WHEN k.revoked_at IS NOT NULL THEN 'revoked' WHEN k.expires_at <= now() THEN 'expired' ELSE 'active' END`;

const THIS_HOUR = sql`date_trunc('hour', now())`;

/**
 * The key with this id, whatever its secret, in one call. Who has its secret as well is noted as
 * its use, once an hour. Whether the secret fits is the caller's to compare, in constant time: that
 * the note compares hashes faster where they differ early helps nobody who does not have a key.
 */
export async function findKey(
  db: Kysely<Database>,
  { id, secretSha256 }: StoredKey,
): Promise<CheckedKey | undefined> {
  const { rows } = await sql<CheckedKey>`
    WITH used AS (
      UPDATE seller_keys AS k SET last_used_at = ${THIS_HOUR}
      WHERE id = ${id} AND secret_sha256 = decode(${secretSha256}, 'hex') AND ${KEY_STATE} = 'active'
        AND coalesce(last_used_at < ${THIS_HOUR}, true)
    )
    SELECT u.username, k.scopes, encode(k.secret_sha256, 'hex') AS secret_sha256, ${KEY_STATE} AS state,
      (extract(epoch FROM k.expires_at) * 1000)::bigint AS expires_at_ms
    FROM seller_keys AS k JOIN users AS u ON u.id = k.user_id
    WHERE k.id = ${id}`.execute(db);
  return rows[0];
}
