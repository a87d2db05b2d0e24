import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loginsOf, ROLE_NAMES, type RoleName } from '../../db/role-names.ts';
import type { Database } from '../../db/schema.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let test: TestDatabase;
const as = {} as Record<RoleName, Kysely<Database>>;

beforeAll(async () => {
  test = await createTestDatabase();
  for (const role of ROLE_NAMES) as[role] = test.connectAs(role);
  await test.pg.query(`
    INSERT INTO users (username) VALUES ('test_seller');
    INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest)
      SELECT id, '1', now(), 1, 'new', '' FROM users;
    INSERT INTO seller_keys (id, user_id, label, scopes, secret_sha256)
      SELECT 'key', id, 'erp', 'stats:read', sha256('') FROM users`);
});
afterAll(() => test.drop());

const WRITES = [
  `INSERT INTO users (username) VALUES ('intruder')`,
  `UPDATE users SET username = 'intruder'`,
  `DELETE FROM users`,
  `UPDATE orders SET total_amount = 0`,
  `DELETE FROM orders`,
  `DELETE FROM order_items`,
  `UPDATE daily_order_stats SET total_revenue = 0`,
  `DELETE FROM daily_order_stats`,
  `UPDATE seller_keys SET scopes = 'orders:write'`,
  `DELETE FROM seller_keys`,
];
const everyRole = ROLE_NAMES.map((role) => [role] as const);

describe('the database roles', () => {
  it.each([
    ...WRITES.map((statement) => ['stats', statement] as const),
    ...WRITES.map((statement) => ['admin', statement] as const),
    ['upload', 'SELECT id FROM seller_keys'],
    ['upload', `INSERT INTO seller_keys (id) VALUES ('mine')`],
    ['upload', 'UPDATE users SET username = username'],
    ['upload', 'DELETE FROM orders'],
    ['upload', 'DELETE FROM users'],
    ['stats', 'SELECT total_amount FROM orders'],
    ['stats', 'SELECT name FROM order_items'],
    ['stats', 'SELECT id FROM seller_keys'],
    ['stats', `SELECT raise_serialization_failure('x')`],
    ['daily_stats', 'UPDATE orders SET total_amount = 0'],
    ['daily_stats', 'UPDATE order_items SET price = 0'],
    ['daily_stats', 'SELECT id FROM seller_keys'],
    ['admin', 'SELECT secret_sha256 FROM seller_keys'],
    ['admin', 'SELECT * FROM seller_keys'],
    ['authorize', 'SELECT order_number FROM orders'],
    ['authorize', 'SELECT * FROM daily_order_stats'],
    ['authorize', `UPDATE seller_keys SET scopes = 'orders:write'`],
    ['authorize', 'UPDATE seller_keys SET revoked_at = NULL'],
    ['authorize', 'DELETE FROM seller_keys'],
    ['keys', 'SELECT order_number FROM orders'],
    ['keys', 'SELECT * FROM daily_order_stats'],
    ['keys', 'DELETE FROM seller_keys'],
  ] satisfies readonly (readonly [
    RoleName,
    string,
  ])[])('refuse %s: %s', async (role, statement) => {
    await expect(sql.raw(statement).execute(as[role])).rejects.toThrow(
      /permission denied .*SQLState: 42501/,
    );
  });

  it.each(
    everyRole,
  )('let %s neither create anything nor look into the migrations', async (role) => {
    for (const statement of [
      'CREATE TABLE public.mine ()',
      'CREATE SCHEMA mine',
      'CREATE ROLE mine',
      'DROP TABLE orders',
      'ALTER TABLE orders DISABLE TRIGGER ALL',
      'SELECT * FROM schema_migrations',
      'SELECT rolpassword FROM pg_authid',
      `SELECT pg_read_file('postgresql.conf')`,
      'SET ROLE postgres',
    ]) {
      await expect(sql.raw(statement).execute(as[role])).rejects.toThrow(
        /(permission denied|must be owner) .*SQLState: 42501/,
      );
    }
  });

  it('let one role not become another', async () => {
    for (const role of ROLE_NAMES.filter((name) => name !== 'stats')) {
      const change = sql`SET ROLE ${sql.id(role)}`.execute(as.stats);
      await expect(change).rejects.toThrow('SQLState: 42501');
    }
  });

  it.each(everyRole)('end what %s leaves running, idle or waiting', async (role) => {
    const { rows } = await sql<{ name: string; setting: string }>`
      SELECT name, setting || unit AS setting FROM pg_settings
      WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout')
    `.execute(as[role]);
    expect(rows).toHaveLength(3);
    for (const { name, setting } of rows) {
      expect(setting, name).toMatch(/^[1-9]\d*ms$/);
      expect(Number.parseInt(setting, 10), name).toBeLessThan(45_000); // the Data API's own limit
    }
  });

  it('cannot log in themselves, only their two logins can', async () => {
    const { rows } = await test.pg.query<{ rolname: string }>(
      `SELECT rolname::text FROM pg_roles WHERE rolcanlogin AND rolname <> 'postgres'
         AND NOT (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls)`,
    );
    const logins = rows.map(({ rolname }) => rolname);
    expect(logins.sort()).toEqual(ROLE_NAMES.flatMap(loginsOf).sort());
  });
});
