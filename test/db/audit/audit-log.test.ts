import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLines } from '../../../db/audit/audit-lines.ts';
import { createKey, revokeKey, rotateKey } from '../../../db/keys/seller-keys.ts';
import { ROLE_NAMES, type RoleName } from '../../../db/roles/names.ts';
import { ROLES } from '../../../db/roles/roles.ts';
import type { Database } from '../../../db/schema.ts';
import { generateKey } from '../../../functions/shared/key-format.ts';
import { linesOf, SOMEBODY } from '../../helpers/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { erase, idOf } from '../sellers/erasing.ts';

let test: TestDatabase;
const as = {} as Record<RoleName, Kysely<Database>>;
beforeAll(async () => {
  test = await createTestDatabase();
  for (const role of ROLE_NAMES) as[role] = test.connectAs(role);
});
afterAll(() => test.drop());

const add = (db: Kysely<Database>, sellerId: number) =>
  auditLines(SOMEBODY, 'order.delete', sql`(VALUES (1)) AS one`, {
    sellerId: sql`${sellerId}::bigint`,
    target: sql`'A-1'`,
    before: sql`'{"status": "new"}'`,
  }).execute(db);

const keyOf = (user: string) => ({
  user,
  label: 'erp',
  scopes: ['stats:read'],
  ...generateKey('test'),
});

describe('the audit log', () => {
  const changes = [
    `UPDATE audit_log SET actor = 'nobody'`,
    `UPDATE audit_log SET before = NULL, after = NULL, target = NULL`,
    'DELETE FROM audit_log',
    'TRUNCATE audit_log',
  ];
  const isWriter = (role: RoleName) =>
    ROLES[role].tables.audit_log !== undefined && role !== 'admin';
  const roles = ROLE_NAMES.map((role) => [role] as const);

  it.each(roles)('has lines that %s can neither change nor delete', async (role) => {
    await add(test.db, 1);
    for (const change of changes) {
      await expect(sql.raw(change).execute(as[role])).rejects.toThrow(/permission denied .*42501/);
    }
  });

  it.each(changes)('refuses its owner: %s', async (change) => {
    const seller = await test.pg.query(
      `INSERT INTO users (username) VALUES (gen_random_uuid()) RETURNING id::int`,
    );
    await add(test.db, seller.rows[0].id);
    await expect(test.pg.query(change)).rejects.toMatchObject({ code: 'OA003' });
  });

  it.each(roles)('is read by nobody but the admin: %s', async (role) => {
    const read = sql`SELECT id FROM audit_log`.execute(as[role]);
    if (role === 'admin') await read;
    else await expect(read).rejects.toThrow(/permission denied/);
  });

  it.each(roles)('gets lines of those alone who do what people ask for: %s', async (role) => {
    const added = add(as[role], 1);
    if (isWriter(role)) await added;
    else await expect(added).rejects.toThrow(/permission denied/);
  });

  it.each(
    roles.filter(([role]) => isWriter(role)),
  )('lets %s say neither when something was done nor under which id', async (role) => {
    for (const column of ['at', 'id']) {
      const value = column === 'at' ? sql`'2001-01-01'::timestamptz` : sql`uuidv7()`;
      const dated = sql`
        INSERT INTO audit_log (actor, action, seller_id, request_id, ${sql.ref(column)})
        VALUES ('x', 'x', 1, 'x', ${value})`;
      await expect(dated.execute(as[role])).rejects.toThrow(/permission denied/);
    }
  });
});

describe('what people do to keys', () => {
  it('is a line each, by whom, from what to what, however often it is done', async () => {
    const key = keyOf('audited');
    const next = generateKey('test');
    for (let time = 1; time <= 2; time++) {
      await createKey(as.keys, key, SOMEBODY);
      await rotateKey(as.keys, key.id, next, 24, { actor: 'arn:2', requestId: '2' });
      await revokeKey(as.keys, key.id, { actor: 'arn:3', requestId: '3' });
    }
    const [seller, created, rotated, revoked, ...others] = await linesOf(
      test.pg,
      await idOf(test.pg, 'audited'),
    );
    const { actor } = SOMEBODY;
    const nothing = { target: null, before: null };
    expect(seller).toEqual({
      actor,
      action: 'seller.create',
      ...nothing,
      after: { username: 'audited' },
    });
    expect(created).toEqual({
      actor,
      action: 'key.create',
      target: key.id,
      before: null,
      after: { scopes: 'stats:read', expires_at: null },
    });
    expect(rotated).toEqual({
      actor: 'arn:2',
      action: 'key.rotate',
      target: key.id,
      before: { expires_at: null },
      after: { expires_at: expect.stringMatching(/^\d{4}-.*Z$/), replaced_by: next.id },
    });
    expect(revoked).toEqual({
      actor: 'arn:3',
      action: 'key.revoke',
      target: key.id,
      before: { state: 'active' },
      after: { state: 'revoked' },
    });
    expect(others).toEqual([]);
  });

  it('has no line when it was not done', async () => {
    const late = { writeBy: Date.now() - 1 };
    const key = keyOf('unaudited');
    await createKey(as.keys, key, SOMEBODY);
    const seller = await idOf(test.pg, 'unaudited');
    const before = await linesOf(test.pg, seller);
    for (const change of [
      () => createKey(as.keys, keyOf('unaudited'), SOMEBODY, late),
      () => rotateKey(as.keys, key.id, generateKey('test'), 1, SOMEBODY, late),
      () => revokeKey(as.keys, key.id, SOMEBODY, late),
    ]) {
      await expect(change()).rejects.toThrow('OA001');
    }
    expect(await linesOf(test.pg, seller)).toEqual(before);
  });

  it('undoes itself where no line can be added', async () => {
    const key = keyOf('silenced');
    await createKey(as.keys, key, SOMEBODY);
    const unknown = { actor: 'x'.repeat(1_001), requestId: 'request' };
    await expect(revokeKey(as.keys, key.id, unknown)).rejects.toThrow(/22001/);
    const { rows } = await test.pg.query('SELECT revoked_at FROM seller_keys WHERE id = $1', [
      key.id,
    ]);
    expect(rows).toEqual([{ revoked_at: null }]);
  });
});

describe('erasing a seller', () => {
  it('leaves who did what when, and nothing of the seller', async () => {
    const key = keyOf('leaving seller');
    await createKey(as.keys, key, SOMEBODY);
    const seller = await idOf(test.pg, 'leaving seller');
    await add(test.db, seller);
    const eraser = { actor: 'arn:eraser', requestId: 'request' };
    await erase(test, seller, { by: eraser, comesWithinS: 89 });
    await test.pg.query(`UPDATE seller_keys SET revoked_at = now() - interval '2 minutes'`);
    expect(await erase(test, seller, { by: eraser })).toMatchObject({ done: true });

    const empty = { target: null, before: null, after: null };
    const { actor } = SOMEBODY;
    expect(await linesOf(test.pg, seller)).toEqual([
      { actor, action: 'seller.create', ...empty },
      { actor, action: 'key.create', ...empty },
      { actor, action: 'order.delete', ...empty },
      {
        actor: 'arn:eraser',
        action: 'seller.erase_begin',
        ...empty,
        before: { orders_count: 0, keys_count: 1 },
      },
      { actor: 'arn:eraser', action: 'seller.erase', ...empty },
    ]);
    const { rows } = await test.pg.query(
      `SELECT FROM audit_log AS l WHERE l::text LIKE '%leaving seller%'`,
    );
    expect(rows).toEqual([]);
  });

  it('has two lines, however many requests it takes', async () => {
    await createKey(as.keys, keyOf('slow'), SOMEBODY);
    const seller = await idOf(test.pg, 'slow');
    for (let time = 1; time <= 3; time++) await erase(test, seller);
    await test.pg.query(`UPDATE seller_keys SET revoked_at = now() - interval '2 minutes'`);
    for (let time = 1; time <= 2; time++) await erase(test, seller);
    const actions = (await linesOf(test.pg, seller)).map(({ action }) => action);
    expect(actions).toEqual(['seller.create', 'key.create', 'seller.erase_begin', 'seller.erase']);
  });
});
