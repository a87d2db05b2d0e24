import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findKey } from '../../../db/keys/key-check.ts';
import { listKeys } from '../../../db/keys/list-keys.ts';
import {
  createKey,
  findSellerKey,
  revokeKey,
  rotateKey,
  SellerBeingErasedError,
} from '../../../db/keys/seller-keys.ts';
import type { Database } from '../../../db/schema.ts';
import { generateKey } from '../../../functions/shared/key-format.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let test: TestDatabase;
let keys: Kysely<Database>; // as the role of the function that does it
let authorize: Kysely<Database>;
beforeAll(async () => {
  test = await createTestDatabase();
  keys = test.connectAs('keys');
  authorize = test.connectAs('authorize');
});
afterAll(() => test.drop());

async function create(user: string, more: { expires_at?: string } = {}) {
  const made = generateKey('test');
  const scopes = ['orders:write', 'stats:read'];
  const stored = await createKey(keys, { user, label: 'erp', scopes, ...made, ...more }, SOMEBODY);
  return { ...made, stored };
}

const set = (id: string, column: string, value: string) =>
  test.pg.query(`UPDATE seller_keys SET ${column} = ${value} WHERE id = $1`, [id]);
const lastUsed = async (id: string) => (await findSellerKey(keys, id))?.last_used_at;

describe('createKey', () => {
  it('stores a key and makes its seller, also when its first answer was lost', async () => {
    const { stored, ...made } = await create('new seller');
    const request = { user: 'new seller', label: 'erp', scopes: ['stats:read'], ...made };
    expect(await createKey(keys, request, SOMEBODY)).toEqual(stored);
    expect(stored).toEqual({
      id: made.id,
      user: 'new seller',
      label: 'erp',
      scopes: 'orders:write stats:read',
      state: 'active',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      last_used_at: null,
      expires_at: null,
      revoked_at: null,
      replaced_by: null,
    });
    expect(await listKeys(keys, 'new seller')).toMatchObject([stored]);
  });

  it('lets nothing in any more for a seller whose erasing has begun', async () => {
    await create('leaving');
    await test.pg.query(
      `INSERT INTO audit_log (actor, action, seller_id, request_id)
       SELECT 'arn', 'seller.erase_begin', id, 'r' FROM users WHERE username = 'leaving'`,
    );
    await expect(create('leaving')).rejects.toThrow(SellerBeingErasedError);
    expect(await listKeys(keys, 'leaving')).toHaveLength(1);
  });
});

describe('listKeys', () => {
  it('tells a seller without keys from no seller', async () => {
    await test.pg.query(`INSERT INTO users (username) VALUES ('keyless')`);
    expect(await listKeys(keys, 'keyless')).toEqual([]);
    expect(await listKeys(keys, "' OR 1=1 --")).toBeUndefined();
  });
});

describe('findKey', () => {
  it("answers a key's seller, scopes, hash and state", async () => {
    const { id, secretSha256 } = await create('found', { expires_at: '2999-01-01T00:00:00Z' });
    expect(await findKey(authorize, { id, secretSha256 })).toEqual({
      username: 'found',
      scopes: 'orders:write stats:read',
      secret_sha256: secretSha256,
      state: 'active',
      expires_at_ms: Date.UTC(2999, 0, 1),
    });
    expect(await findKey(authorize, { id: 'nobodys', secretSha256 })).toBeUndefined();
  });

  it('notes the use of a key once an hour, by the hour', async () => {
    const key = await create('used');
    await findKey(authorize, key);
    expect(await lastUsed(key.id)).toMatch(/T\d\d:00:00Z$/);
    // In one transaction, in which now() stands still: no hour begins between two looks.
    await test.db.transaction().execute(async (still) => {
      const place = async () =>
        (await sql`SELECT ctid::text FROM seller_keys WHERE id = ${key.id}`.execute(still)).rows;
      const usedAt = async () => (await findSellerKey(still, key.id))?.last_used_at;
      await findKey(still, key);
      const [used, before] = [await usedAt(), await place()];
      await findKey(still, key);
      expect(await place()).toEqual(before); // nothing was written

      await sql`UPDATE seller_keys SET last_used_at = now() - interval '1 hour'`.execute(still);
      await findKey(still, key);
      expect(await usedAt()).toBe(used);
    });
  });

  it('notes no use of who has not the secret, or of a key that opens nothing', async () => {
    const key = await create('unused');
    await findKey(authorize, { id: key.id, secretSha256: generateKey('test').secretSha256 });
    await set(key.id, 'expires_at', `now() - interval '1 second'`);
    expect(await findKey(authorize, key)).toMatchObject({ state: 'expired' });
    await revokeKey(keys, key.id, SOMEBODY);
    expect(await findKey(authorize, key)).toMatchObject({ state: 'revoked' });
    expect(await lastUsed(key.id)).toBeNull();
  });
});

describe('rotateKey', () => {
  it('puts a like key in the place of the old one, which lives on for the overlap', async () => {
    const old = await create('rotated', { expires_at: '2999-01-01T00:00:00Z' });
    const next = generateKey('test');
    const rotated = await rotateKey(keys, old.id, next, 2, SOMEBODY);
    expect(rotated?.created).toMatchObject({
      id: next.id,
      user: 'rotated',
      label: 'erp',
      scopes: 'orders:write stats:read',
      expires_at: '2999-01-01T00:00:00Z',
    });
    expect(rotated?.replaced).toMatchObject({ state: 'active', replaced_by: next.id });
    const { rows } = await test.pg.query(
      `SELECT expires_at - now() BETWEEN interval '119 minutes' AND interval '2 hours' AS soon
       FROM seller_keys WHERE id = $1`,
      [old.id],
    );
    expect(rows).toEqual([{ soon: true }]);
    // Its first answer was lost.
    expect(await rotateKey(keys, old.id, next, 2, SOMEBODY)).toEqual(rotated);
  });

  it('ends the old key at once when no overlap is asked for', async () => {
    const old = await create('hasty');
    await rotateKey(keys, old.id, generateKey('test'), 0, SOMEBODY);
    expect(await findKey(authorize, old)).toMatchObject({ state: 'expired' });
  });

  it('refuses to rotate what is replaced, revoked or not there', async () => {
    const old = await create('stubborn');
    const next = generateKey('test');
    await rotateKey(keys, old.id, next, 1, SOMEBODY);
    const again = rotateKey(keys, old.id, generateKey('test'), 1, SOMEBODY);
    await expect(again).rejects.toMatchObject({ name: 'KeyNotActiveError', state: 'replaced' });
    await revokeKey(keys, next.id, SOMEBODY);
    const revoked = rotateKey(keys, next.id, generateKey('test'), 1, SOMEBODY);
    await expect(revoked).rejects.toMatchObject({ state: 'revoked' });
    expect(await rotateKey(keys, 'nothing', generateKey('test'), 1, SOMEBODY)).toBeUndefined();
    expect(await listKeys(keys, 'stubborn')).toHaveLength(2);
  });

  it('makes one key when two rotate the same at once', async () => {
    const old = await create('raced');
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => rotateKey(keys, old.id, generateKey('test'), 1, SOMEBODY)),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await listKeys(keys, 'raced')).toHaveLength(2);
  });
});

describe('revokeKey', () => {
  it('ends a key once and for all', async () => {
    const { id } = await create('revoked');
    const first = await revokeKey(keys, id, SOMEBODY);
    expect(first?.state).toBe('revoked');
    await set(id, 'created_at', `now() - interval '1 day'`);
    expect((await revokeKey(keys, id, SOMEBODY))?.revoked_at).toBe(first?.revoked_at);
    expect(await revokeKey(keys, 'nothing', SOMEBODY)).toBeUndefined();
  });
});

describe('a change of keys that reaches the database too late', () => {
  const late = () => ({ writeBy: Date.now() - 1 });

  it('makes no key and no seller', async () => {
    const made = generateKey('test');
    const request = { user: 'late seller', label: 'erp', scopes: ['stats:read'], ...made };
    await expect(createKey(keys, request, SOMEBODY, late())).rejects.toThrow('SQLState: OA001');
    expect(await listKeys(keys, 'late seller')).toBeUndefined();
    await createKey(keys, { ...request, ...generateKey('test') }, SOMEBODY);
    await expect(createKey(keys, request, SOMEBODY, late())).rejects.toThrow('SQLState: OA001');
    expect(await listKeys(keys, 'late seller')).toHaveLength(1);
  });

  it('rotates and revokes no key', async () => {
    const { id, stored } = await create('in time');
    const rotation = rotateKey(keys, id, generateKey('test'), 0, SOMEBODY, late());
    await expect(rotation).rejects.toThrow('SQLState: OA001');
    await expect(revokeKey(keys, id, SOMEBODY, late())).rejects.toThrow('SQLState: OA001');
    expect(await listKeys(keys, 'in time')).toMatchObject([stored]);
  });
});
