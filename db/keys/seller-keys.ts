import { type Kysely, sql } from 'kysely';
import { auditLines, type Doer, jsonInstant } from '../audit/audit-lines.ts';
import { inTime, type WriteLimit, writeLimit } from '../data-api/write-limit.ts';
import type { Database } from '../schema.ts';
import { KEY_STATE, type KeyState, type StoredKey } from './key-check.ts';

/** A key as people see it. Instants are `2025-11-12T10:00:00Z`. */
export interface SellerKey {
  id: string;
  user: string;
  label: string;
  scopes: string;
  state: KeyState;
  created_at: string;
  /** To the hour. */
  last_used_at: string | null;
  expires_at: string | null;
  revoked_at: string | null;
  /** The key that came in its place. */
  replaced_by: string | null;
}

export interface NewSellerKey extends StoredKey {
  readonly user: string;
  readonly label: string;
  readonly scopes: readonly string[];
  /** An instant with its offset. @default it does not expire */
  readonly expires_at?: string | undefined;
}

/** A key cannot be rotated any more. */
export class KeyNotActiveError extends Error {
  override readonly name = 'KeyNotActiveError';
  readonly id: string;
  readonly state: KeyState | 'replaced';

  constructor(id: string, state: KeyState | 'replaced') {
    super(`The key ${id} is ${state}.`);
    this.id = id;
    this.state = state;
  }
}

/** A seller is being erased: nothing is to come any more. */
export class SellerBeingErasedError extends Error {
  override readonly name = 'SellerBeingErasedError';
}

/**
 * The username that is this text, or is the same when both are composed; `undefined` when there is
 * none.
 */
export async function findUsername(
  db: Kysely<Database>,
  typed: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ username: string }>`
    SELECT username FROM users
    WHERE username = ${typed} OR normalize(username, NFC) = normalize(${typed}, NFC)
    ORDER BY username = ${typed} DESC, id LIMIT 1`.execute(db);
  return rows[0]?.username;
}

/**
 * Stores a key of a seller, who is made where there is no such seller yet. Doing it again is fine.
 *
 * @throws {SellerBeingErasedError}
 */
export async function createKey(
  db: Kysely<Database>,
  key: NewSellerKey,
  by: Doer,
  limit: WriteLimit = writeLimit(),
): Promise<SellerKey> {
  const { id, user, label, scopes, secretSha256 } = key;
  await sql`
    WITH created AS (
      INSERT INTO users (username) SELECT ${user} WHERE ${inTime(limit)}
      ON CONFLICT (username) DO NOTHING RETURNING id, username
    )
    ${auditLines(by, 'seller.create', sql`created`, {
      sellerId: sql`id`,
      after: sql`jsonb_build_object('username', username)`,
    })}`.execute(db);
  await sql`
    WITH created AS (
      INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, expires_at)
      SELECT ${id}, u.id, ${label}, ${scopes.join(' ')}, decode(${secretSha256}, 'hex'), ${instant(key.expires_at)}
      FROM users AS u
      WHERE username = ${user} AND ${inTime(limit)} AND NOT EXISTS (
        SELECT FROM audit_log WHERE action = 'seller.erase_begin' AND seller_id = u.id
      )
      ON CONFLICT (id) DO NOTHING RETURNING id, user_id, scopes, expires_at
    )
    ${auditLines(by, 'key.create', sql`created`, {
      sellerId: sql`user_id`,
      target: sql`id`,
      after: sql`jsonb_build_object('scopes', scopes, 'expires_at', ${jsonInstant(sql`expires_at`)})`,
    })}`.execute(db);
  const created = await findSellerKey(db, id);
  if (!created) throw new SellerBeingErasedError();
  return created;
}

/** Whether a key has this secret: one that was there before under the same id has another. */
export async function hasSecret(
  db: Kysely<Database>,
  { id, secretSha256 }: StoredKey,
): Promise<boolean> {
  const { rows } = await sql`
    SELECT id FROM seller_keys
    WHERE id = ${id} AND secret_sha256 = decode(${secretSha256}, 'hex')`.execute(db);
  return rows.length === 1;
}

export async function findSellerKey(
  db: Kysely<Database>,
  id: string,
): Promise<SellerKey | undefined> {
  const { rows } = await sql<SellerKey>`
    SELECT ${KEY_COLUMNS} FROM seller_keys AS k JOIN users AS u ON u.id = k.user_id
    WHERE k.id = ${id}`.execute(db);
  return rows[0];
}

/**
 * Puts a key in another one's place: of the same seller, label, scopes and span of life. The old
 * one opens doors for `overlapHours` more, or for less where it would have expired before. API
 * Gateway may remember it for a minute from before, as a key that does not expire: with 0 hours it
 * may live that long.
 *
 * @returns the new key and the old one, or `undefined` when there is none with the id `oldId`
 * @throws {KeyNotActiveError}
 */
export async function rotateKey(
  db: Kysely<Database>,
  oldId: string,
  { id, secretSha256 }: StoredKey,
  overlapHours: number,
  by: Doer,
  limit: WriteLimit = writeLimit(),
): Promise<{ created: SellerKey; replaced: SellerKey } | undefined> {
  await sql`
    WITH old AS (
      SELECT k.* FROM seller_keys AS k
      WHERE k.id = ${oldId} AND ${KEY_STATE} = 'active' AND k.replaced_by IS NULL AND ${inTime(limit)}
      FOR UPDATE
    ), created AS (
      INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256, expires_at)
      SELECT ${id}, user_id, label, scopes, decode(${secretSha256}, 'hex'),
        CASE WHEN expires_at IS NOT NULL
          THEN least(now() + (expires_at - created_at), '9999-12-31T23:59:59Z') END
      FROM old RETURNING id
    ), replaced AS (
      UPDATE seller_keys AS k SET
        replaced_by = created.id,
        expires_at = least(k.expires_at, now() + make_interval(hours => ${overlapHours}::int))
      FROM created WHERE k.id = ${oldId}
      RETURNING k.id, k.user_id, old.expires_at AS old_expires_at, new.expires_at, new.replaced_by
    )
    ${auditLines(by, 'key.rotate', sql`replaced`, {
      sellerId: sql`user_id`,
      target: sql`id`,
      before: sql`jsonb_build_object('expires_at', ${jsonInstant(sql`old_expires_at`)})`,
      after: sql`jsonb_build_object('expires_at', ${jsonInstant(sql`expires_at`)}, 'replaced_by', replaced_by)`,
    })}`.execute(db);
  const replaced = await findSellerKey(db, oldId);
  if (!replaced) return undefined;
  // A statement whose answer was lost has run: what counts is what it left.
  if (replaced.replaced_by === id) return { created: await getKey(db, id), replaced };
  throw new KeyNotActiveError(oldId, replaced.replaced_by ? 'replaced' : replaced.state);
}

/**
 * Lets a key open nothing any more, and answers it; `undefined` when there is none. Again is fine.
 */
export async function revokeKey(
  db: Kysely<Database>,
  id: string,
  by: Doer,
  limit: WriteLimit = writeLimit(),
): Promise<SellerKey | undefined> {
  await sql`
    WITH revoked AS (
      UPDATE seller_keys SET revoked_at = now()
      WHERE id = ${id} AND revoked_at IS NULL AND ${inTime(limit)}
      RETURNING id, user_id, expires_at <= now() AS has_expired
    )
    ${auditLines(by, 'key.revoke', sql`revoked`, {
      sellerId: sql`user_id`,
      target: sql`id`,
      before: sql`jsonb_build_object('state', CASE WHEN has_expired THEN 'expired' ELSE 'active' END)`,
      after: sql`jsonb_build_object('state', 'revoked')`,
    })}`.execute(db);
  return findSellerKey(db, id);
}

async function getKey(db: Kysely<Database>, id: string): Promise<SellerKey> {
  const key = await findSellerKey(db, id);
  if (!key) throw new Error(`There is no key ${id}.`);
  return key;
}

const text = (column: string) =>
  sql`to_char(${sql.ref(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** Of `seller_keys AS k` and `users AS u`. */
export const KEY_COLUMNS = sql`
  k.id, u.username AS user, k.label, k.scopes, ${KEY_STATE} AS state,
  ${text('k.created_at')} AS created_at, ${text('k.last_used_at')} AS last_used_at,
  ${text('k.expires_at')} AS expires_at, ${text('k.revoked_at')} AS revoked_at, k.replaced_by`;

const instant = (value: string | undefined) =>
  value === undefined ? sql`NULL::timestamptz` : sql`${value}::timestamptz`;
