import { type Kysely, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, databaseAddress } from '../../../db/data-api/connect.ts';
import { DATABASE_NAME } from '../../../db/data-api/env.ts';
import { applyRoles } from '../../../db/roles/apply-roles.ts';
import { loginsOf, ROLE_NAMES, type RoleName } from '../../../db/roles/names.ts';
import { ROLES } from '../../../db/roles/roles.ts';
import type { Database } from '../../../db/schema.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { declaredPrivileges, heldPrivileges } from '../../helpers/privileges.ts';

let test: TestDatabase;
const as = {} as Record<RoleName, Kysely<Database>>;

beforeAll(async () => {
  test = await createTestDatabase();
  await applyRoles(test.db, []); // a clone has not its template's rights on the database itself
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
    ...WRITES.map((statement) => ['orders', statement] as const),
    ...WRITES.map((statement) => ['admin', statement] as const),
    ['upload', 'SELECT id FROM seller_keys'],
    ['upload', `INSERT INTO seller_keys (id) VALUES ('mine')`],
    ['upload', 'UPDATE users SET username = username'],
    ['upload', `INSERT INTO users (id, username) OVERRIDING SYSTEM VALUE VALUES (7, 'mine')`],
    ['upload', 'UPDATE orders SET user_id = user_id'],
    ['upload', 'UPDATE orders SET order_number = order_number'],
    ['upload', 'UPDATE orders SET first_uploaded_at = now()'],
    [
      'upload',
      `INSERT INTO orders (user_id, order_number, created_at, total_amount, status, items_digest, first_uploaded_at)
       SELECT id, '2', now(), 1, 'new', '', '2001-01-01' FROM users`,
    ],
    ['upload', 'UPDATE order_items SET order_id = order_id'],
    ['upload', 'UPDATE order_items SET line_no = line_no'],
    ['upload', 'UPDATE daily_order_stats SET user_id = user_id'],
    ['upload', 'UPDATE daily_order_stats SET day = day'],
    ['upload', 'UPDATE daily_order_stats SET status = status'],
    ['upload', 'DELETE FROM orders'],
    ['upload', 'DELETE FROM users'],
    ['upload', 'SELECT items FROM order_versions'],
    ['upload', `UPDATE uploads SET kind = 'undo'`],
    ['upload', 'UPDATE upload_refusals SET user_id = user_id'],
    ['upload', 'UPDATE upload_refusals SET day = day'],
    ['upload', 'UPDATE upload_refusals SET code = code'],
    ['upload', 'UPDATE upload_refusals SET first_at = first_at'],
    [
      'upload',
      `INSERT INTO upload_refusals (user_id, day, code, status, key_id, request_id, pointer, errors_count)
       SELECT id, '2001-01-01', 'taken', 409, 'key', 'request', '', 1 FROM users`,
    ],
    ['upload', 'DELETE FROM upload_refusals'],
    ['amend', 'SELECT code FROM upload_refusals'],
    ['amend', 'SELECT id FROM seller_keys'],
    ['amend', `INSERT INTO users (username) VALUES ('mine')`],
    ['amend', 'UPDATE users SET username = username'],
    ['amend', 'DELETE FROM users'],
    ['amend', 'UPDATE orders SET user_id = user_id'],
    ['amend', 'UPDATE orders SET order_number = order_number'],
    ['amend', 'UPDATE orders SET first_uploaded_at = now()'],
    ['amend', 'UPDATE orders SET created_xid = created_xid'],
    ['amend', 'UPDATE order_items SET order_id = order_id'],
    ['amend', 'UPDATE daily_order_stats SET day = day'],
    ['amend', 'DELETE FROM daily_order_stats'],
    ['amend', 'UPDATE uploads SET orders_count = 0'],
    ['amend', 'UPDATE uploads SET idempotency_key = NULL'],
    ['amend', 'DELETE FROM uploads'],
    ['amend', `UPDATE order_versions SET status = 'x'`],
    ['amend', 'DELETE FROM order_versions'],
    ['orders', 'SELECT id FROM seller_keys'],
    ['orders', 'UPDATE uploads SET orders_count = 0'],
    ['orders', 'DELETE FROM uploads'],
    ['stats', 'SELECT total_amount FROM orders'],
    ['stats', 'SELECT name FROM order_items'],
    ['stats', 'SELECT id FROM seller_keys'],
    ['stats', `SELECT raise_serialization_failure('x')`],
    ['daily_stats', 'UPDATE orders SET total_amount = 0'],
    ['daily_stats', 'UPDATE order_items SET price = 0'],
    ['daily_stats', 'SELECT id FROM seller_keys'],
    ['daily_stats', 'UPDATE daily_order_stats SET user_id = user_id'],
    ['daily_stats', 'UPDATE nightly_runs SET period_from = period_from'],
    ['daily_stats', 'UPDATE nightly_runs SET started_at = started_at'],
    ['daily_stats', 'UPDATE proved_days SET day = day'],
    ['daily_stats', 'SELECT pointer FROM upload_refusals'],
    ['daily_stats', 'UPDATE upload_refusals SET day = day'],
    ['admin', 'UPDATE upload_refusals SET refusals_count = 0'],
    ['admin', 'DELETE FROM upload_refusals'],
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
    ['keys', `UPDATE seller_keys SET secret_sha256 = sha256('mine')`],
    ['keys', 'UPDATE seller_keys SET user_id = user_id'],
    ['keys', `UPDATE seller_keys SET scopes = 'orders:write'`],
    ['keys', 'UPDATE seller_keys SET last_used_at = NULL'],
    ['sellers', 'SELECT name FROM order_items'],
    ['sellers', 'SELECT items FROM order_versions'],
    ['sellers', 'SELECT secret_sha256 FROM seller_keys'],
    ['sellers', `INSERT INTO users (username) VALUES ('intruder')`],
    ['sellers', `UPDATE users SET username = 'intruder'`],
    ['sellers', 'INSERT INTO orders DEFAULT VALUES'],
    ['sellers', 'UPDATE orders SET total_amount = 0'],
    ['sellers', 'UPDATE orders SET user_id = user_id'],
    ['sellers', 'UPDATE order_items SET price = 0'],
    ['sellers', 'UPDATE seller_keys SET expires_at = NULL'],
    ['sellers', `INSERT INTO seller_keys (id) VALUES ('mine')`],
    ['actions', 'SELECT id FROM seller_keys'],
    ['actions', 'SELECT id FROM audit_log'],
    ['actions', `INSERT INTO users (username) VALUES ('mine')`],
    ['actions', 'UPDATE users SET username = username'],
    ['actions', 'DELETE FROM users'],
    ['actions', 'UPDATE orders SET user_id = user_id'],
    ['actions', 'UPDATE orders SET order_number = order_number'],
    ['actions', 'DELETE FROM daily_order_stats'],
    ['actions', 'DELETE FROM uploads'],
    ['actions', 'DELETE FROM order_versions'],
    ['actions', 'DELETE FROM seller_settings'],
    ['actions', 'UPDATE seller_settings SET user_id = user_id'],
    ['admin', `UPDATE seller_settings SET note = ''`],
    ['admin', 'INSERT INTO audit_log DEFAULT VALUES'],
    ['keys', 'SELECT note FROM seller_settings'],
    ['orders', 'SELECT note FROM seller_settings'],
    ['sellers', 'DELETE FROM nightly_runs'],
    ['sellers', 'DELETE FROM proved_days'],
  ] satisfies readonly (readonly [
    RoleName,
    string,
  ])[])('refuse %s: %s', async (role, statement) => {
    await expect(sql.raw(statement).execute(as[role])).rejects.toThrow(
      /permission denied .*SQLState: 42501/,
    );
  });

  it.each(['users', 'orders'])('give no id of %s a value to who may lock it', async (table) => {
    for (const value of ['id', 'id + 1', '7']) {
      const change = sql`UPDATE ${sql.table(table)} SET id = ${sql.raw(value)}`.execute(as.sellers);
      await expect(change).rejects.toThrow(/can only be updated to DEFAULT; SQLState: 428C9/);
    }
  });

  it.each(
    everyRole,
  )('let %s neither create anything nor look into the migrations', async (role) => {
    for (const statement of [
      'CREATE TABLE public.mine ()',
      'CREATE SCHEMA mine',
      'CREATE TEMPORARY TABLE mine (x integer)',
      'SELECT 1 AS x INTO TEMPORARY mine',
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

  it.each(everyRole)('are for %s exactly what is declared', async (role) => {
    const declared = declaredPrivileges(role, test.environment[DATABASE_NAME] ?? '');
    expect(await heldPrivileges(test.pg, role)).toEqual(declared);
  });

  it.each(
    everyRole,
  )('let %s lock whole only those tables whose rows it may delete', async (role) => {
    for (const [table, rights] of Object.entries<{ DELETE?: 'all' }>(ROLES[role].tables)) {
      const lock = as[role].transaction().execute(async (trx) => {
        await sql`LOCK TABLE ${sql.table(table)} IN SHARE MODE`.execute(trx);
        return 'locked';
      });
      if (rights.DELETE) await expect(lock, table).resolves.toBe('locked');
      else await expect(lock, table).rejects.toThrow(/permission denied .*SQLState: 42501/);
    }
  });

  it.each(everyRole)('let %s keep nothing that is no row of a table', async (role) => {
    for (const call of [
      'lo_create(0)',
      'lo_creat(-1)',
      `lo_from_bytea(0, 'mine')`,
      `lo_put(1, 0, 'mine')`,
      'lo_open(1, 131072)',
      `lowrite(0, 'mine')`,
      'lo_truncate64(0, 1)',
      'lo_unlink(1)',
      `pg_logical_emit_message(false, 'mine', 'mine')`,
      `pg_logical_emit_message(true, 'mine', 'mine'::bytea)`,
    ]) {
      const statement = sql`SELECT ${sql.raw(call)} IS NULL`.execute(as[role]);
      await expect(statement, call).rejects.toThrow(/permission denied .*SQLState: 42501/);
    }
  });

  it.each(
    everyRole,
  )('let %s fill neither the memory for locks nor the disk by calls', async (role) => {
    for (const call of [
      'pg_advisory_lock(1)',
      'pg_advisory_lock(1, 2)',
      'pg_advisory_lock_shared(1)',
      'pg_advisory_xact_lock(1)',
      'pg_advisory_xact_lock_shared(1, 2)',
      'pg_try_advisory_lock(1)',
      'pg_try_advisory_lock_shared(1)',
      'pg_try_advisory_xact_lock(1)',
      'pg_try_advisory_xact_lock_shared(1)',
      'pg_export_snapshot()',
    ]) {
      const statement = sql`SELECT ${sql.raw(call)} IS NULL`.execute(as[role]);
      await expect(statement, call).rejects.toThrow(/permission denied .*SQLState: 42501/);
    }
  });

  it.each(everyRole)('let %s into no other database', async (role) => {
    for (const database of ['postgres', 'template1']) {
      const environment = { ...test.environmentOf(role), [DATABASE_NAME]: database };
      const elsewhere = connect(databaseAddress(environment));
      await expect(sql`SELECT 1`.execute(elsewhere), database).rejects.toThrow(
        `permission denied for database "${database}"`,
      );
      await elsewhere.destroy();
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
