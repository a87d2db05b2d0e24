import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { retrying } from '../../../db/data-api/retry.ts';
import { migrateToLatest } from '../../../db/migrate.ts';
import { applyRoles } from '../../../db/roles/apply-roles.ts';
import { FoundOtherwise } from '../../../db/roles/found-otherwise.ts';
import { loginsOf, ROLE_NAMES, type RoleName } from '../../../db/roles/names.ts';
import { removeLargeObjects } from '../../../db/roles/objects.ts';
import { declaredPrivileges, heldPrivileges } from '../../helpers/privileges.ts';
import { useRolesServer } from './roles-server.ts';

const DATABASES = ['one', 'two', 'three'];
const server = useRolesServer(DATABASES);
const { owner, passwords, passwordOf, logIn, dbOf, count } = server;

describe('applyRoles', () => {
  it('makes the roles once when several databases are migrated at once, by no superuser', async () => {
    await Promise.all([...DATABASES, 'one'].map((name) => applyRoles(dbOf(name), passwords)));
    const { rows } = await server.admin.query(
      `SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)`,
      [ROLE_NAMES.flatMap((role) => [role, ...loginsOf(role)])],
    );
    expect(rows).toHaveLength(ROLE_NAMES.length * 3);
    for (const name of DATABASES) expect(await count(name, 'stats_1')).toBe('0');
  });

  it('takes away what is not declared, however it was given', async () => {
    const inside = await logIn({ ...owner, user: 'owner' }, 'one');
    const declared = (name: RoleName) => declaredPrivileges(name, 'one');
    for (const name of ROLE_NAMES) {
      expect(await heldPrivileges(inside, name), name).toEqual(declared(name));
    }
    await inside.query(`
      GRANT ALL ON orders, seller_keys TO stats, PUBLIC;
      GRANT SELECT (secret_sha256) ON seller_keys TO admin;
      GRANT UPDATE (user_id) ON orders TO upload_1;
      GRANT ALL ON SCHEMA public TO stats, PUBLIC;
      GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO keys_1;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC;
      GRANT ALL ON DATABASE one, postgres TO daily_stats;
      GRANT CONNECT, TEMPORARY ON DATABASE postgres, template1 TO PUBLIC;
      GRANT upload TO stats_1;
      GRANT daily_stats TO admin;
      GRANT authorize TO authorize_1 WITH ADMIN OPTION;
      GRANT SELECT ON orders TO stats WITH GRANT OPTION;
      ALTER ROLE stats_1 CREATEROLE CREATEDB`);
    const thief = await logIn({ user: 'stats_1' }, 'one');
    await thief.query('GRANT SELECT ON orders TO keys');
    await thief.end();
    const accomplice = await logIn({ user: 'authorize_1' }, 'one');
    await accomplice.query('GRANT authorize TO stats_1');
    await accomplice.end();
    for (const name of ROLE_NAMES) {
      expect(await heldPrivileges(inside, name), name).not.toEqual(declared(name));
    }

    const { amended } = await applyRoles(dbOf('one'), passwords);
    for (const name of ROLE_NAMES) {
      expect(await heldPrivileges(inside, name), name).toEqual(declared(name));
    }
    expect(amended.toSorted()).toEqual(['admin', 'authorize_1', 'stats_1']);
    await inside.end();
  });

  it('lets the logins in again, and nobody as a role, whatever was made of them', async () => {
    await server.admin.query(`
      ALTER ROLE stats_1 NOLOGIN;
      ALTER ROLE upload_1 CONNECTION LIMIT 0;
      ALTER ROLE admin_1 VALID UNTIL '2001-01-01';
      ALTER ROLE keys_1 NOINHERIT;
      GRANT keys TO keys_1 WITH INHERIT FALSE GRANTED BY owner;
      ALTER ROLE keys LOGIN`);
    const { amended } = await applyRoles(dbOf('one'), passwords);
    expect(amended.toSorted()).toEqual(['admin_1', 'keys', 'keys_1', 'stats_1', 'upload_1']);
    for (const login of ['stats_1', 'upload_1', 'admin_1', 'keys_1']) {
      expect(await count('one', login), login).toBe('0');
    }
    await expect(logIn({ user: 'keys', password: 'any' }, 'one')).rejects.toThrow();
    const { rows } = await server.admin.query(
      `SELECT rolcanlogin FROM pg_roles WHERE rolname = 'keys'`,
    );
    expect(rows).toEqual([{ rolcanlogin: false }]);
  });

  it('undoes what a role did to itself, also for the sessions that it has', async () => {
    const login = passwordOf('upload_1');
    const thief = await logIn({ user: login.username }, 'one');
    await thief.query(`
      ALTER ROLE upload_1 SET default_transaction_read_only = on;
      ALTER ROLE upload_1 SET search_path = nowhere;
      ALTER ROLE upload_1 SET statement_timeout = 0;
      ALTER ROLE upload_1 IN DATABASE one SET default_transaction_read_only = on;
      ALTER ROLE upload_1 IN DATABASE two SET lock_timeout = '1ms'`);
    await thief.end();
    const db = server.dbOfUpload();
    const write = () =>
      retrying(() => sql`INSERT INTO users (username) SELECT 'seller' WHERE false`.execute(db), {
        deadlineAt: Date.now() + 20_000,
      });
    await server.admin.query(`
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'upload_1'`);
    await expect(write()).rejects.toThrow(/read-only transaction|does not exist/);

    const { amended } = await applyRoles(dbOf('one'), passwords);
    expect(amended).toEqual(['upload_1']);
    await expect(write()).resolves.toBeDefined();
    await db.destroy();
    const { rows } = await server.admin.query(`
      SELECT setdatabase, setconfig FROM pg_db_role_setting WHERE setrole = 'upload_1'::regrole`);
    expect(rows).toEqual([
      {
        setdatabase: 0,
        setconfig: [
          'statement_timeout=29s',
          'idle_in_transaction_session_timeout=15s',
          'lock_timeout=10s',
          'random_page_cost=1.1',
          'enable_seqscan=off',
          'jit=off',
          'max_parallel_workers_per_gather=0',
        ],
      },
    ]);
  });

  it('undoes settings that are longer than an answer of the Data API may be', async () => {
    const thief = await logIn({ user: 'stats_1' }, 'one');
    await thief.query(`DO $$ BEGIN
      EXECUTE format('ALTER ROLE stats_1 SET application_name = %L', repeat('a', 2_000_000));
      EXECUTE format('ALTER ROLE stats_1 IN DATABASE two SET search_path = %L', repeat('a', 2_000_000));
    END $$`);
    await thief.end();
    expect(await applyRoles(dbOf('one'), passwords)).toEqual({
      amended: ['stats_1'],
      largeObjectsRemoved: 0,
    });
    const { rows } = await server.admin.query(`
      SELECT setdatabase, length(setconfig::text) < 300 AS is_short FROM pg_db_role_setting
      WHERE setrole = 'stats_1'::regrole`);
    expect(rows).toEqual([{ setdatabase: 0, is_short: true }]);
  });

  it('gives a login its password again that it has changed itself', async () => {
    const thief = await logIn({ user: 'stats_1' }, 'one');
    await thief.query(`ALTER ROLE stats_1 PASSWORD 'mine'`);
    await thief.end();
    await expect(count('one', 'stats_1')).rejects.toThrow('authentication failed');
    await applyRoles(dbOf('one'), passwords);
    expect(await count('one', 'stats_1')).toBe('0');
    await expect(count('one', 'stats_1', 'mine')).rejects.toThrow('authentication failed');
  });

  it('removes large objects, which no superuser is there to forbid', async () => {
    for (const user of ['stats_1', 'admin_1']) {
      const thief = await logIn({ user }, 'one');
      await thief.query(`SELECT lo_from_bytea(0, 'mine') FROM generate_series(1, 300)`);
      await thief.end();
    }
    expect(await applyRoles(dbOf('one'), passwords)).toEqual({
      amended: [],
      largeObjectsRemoved: 600,
    });
    const one = await logIn({ ...owner, user: 'owner' }, 'one');
    const { rows } = await one.query(`
      SELECT (SELECT count(*)::integer FROM pg_largeobject_metadata) AS objects,
        pg_has_role('owner', 'stats_1', 'USAGE') AS owner_is_stats`);
    await one.end();
    expect(rows).toEqual([{ objects: 0, owner_is_stats: false }]);
  });

  it('tells what it put right, and ends its sessions, also when answers were lost', async () => {
    const thief = await logIn({ user: 'stats_1' }, 'one');
    const ended = new Promise((resolve) => thief.on('error', resolve));
    await thief.query(`SELECT lo_from_bytea(0, 'mine')`);
    await server.admin.query(`ALTER ROLE stats_1 SET lock_timeout = '1ms'`);
    const found = new FoundOtherwise();
    const tried = <T>(work: () => Promise<T>) => {
      server.dataApi.faults.add({ kind: 'cut-after', operations: ['CommitTransaction'], calls: 1 });
      return retrying(work, { deadlineAt: Date.now() + 20_000 });
    };
    await tried(() => removeLargeObjects(dbOf('one'), found));
    expect(await tried(() => applyRoles(dbOf('one'), passwords, { found }))).toEqual({
      amended: ['stats_1'],
      largeObjectsRemoved: 1,
    });
    expect(await ended).toMatchObject({ code: '57P01' });
  });

  it('changes nothing when everything is as declared', async () => {
    const state = async () =>
      (
        await server.admin.query(
          `
          SELECT 'role' AS kind, rolname::text AS name, xmin::text FROM pg_authid
            WHERE rolname <> ALL ($1)
          UNION ALL SELECT 'setting', setrole::text, xmin::text FROM pg_db_role_setting
          UNION ALL SELECT 'member', oid::text, xmin::text FROM pg_auth_members
          ORDER BY 1, 2`,
          [ROLE_NAMES.map((role) => loginsOf(role)[0])],
        )
      ).rows; // those get passwords
    const before = await state();
    const applied = await applyRoles(dbOf('one'), passwords);
    expect(applied).toEqual({ amended: [], largeObjectsRemoved: 0 });
    expect(await state()).toEqual(before);
  });

  it('does not wait for locks that a function can take', async () => {
    const thief = await logIn({ user: 'stats_1' }, 'one');
    await thief.query(`
      SELECT pg_advisory_lock(hashtext('order-analytics roles')), pg_advisory_lock(3853314791062309107)`);
    expect(await migrateToLatest(dbOf('one'))).toEqual([]);
    await applyRoles(dbOf('one'), passwords);
    const lock = 'BEGIN; LOCK TABLE schema_migrations_lock IN ACCESS SHARE MODE';
    await expect(thief.query(lock)).rejects.toThrow('permission denied');
    await thief.end();
  });

  it('gives a login the password of its secret, and the other login none', async () => {
    expect(await count('one', 'stats_1')).toBe('0');
    const password = passwords.find(({ username }) => username === 'stats_1')?.password;
    await expect(count('one', 'stats_2', password)).rejects.toThrow('authentication failed');
    await expect(count('one', 'stats_1', 'guess')).rejects.toThrow('authentication failed');
  });

  it('lets PostgreSQL log no password', async () => {
    const log = server.log();
    expect(log).toContain("PASSWORD 'SCRAM-SHA-256$4096:");
    for (const { password } of passwords) expect(log).not.toContain(password);
  });
});
