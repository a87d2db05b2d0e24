import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyRoles } from '../../db/apply-roles.ts';
import { connect } from '../../db/client.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { loginsOf, ROLE_NAMES } from '../../db/role-names.ts';
import { type DataApiServer, startDataApi } from '../../local/data-api/server.ts';
import {
  type PostgresServer,
  removePostgresData,
  startPostgres,
} from '../../local/postgres/server.ts';

const DATABASES = ['one', 'two', 'three'];
const resourceArn = 'arn:aws:rds:us-east-1:000000000000:cluster:test';
const secretArn = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:owner-AbCdEf';
const owner = { secretArn, username: 'owner', password: randomUUID() };

// A server of its own: roles are a server's, and here they do not exist yet.
const folder = mkdtempSync(join(tmpdir(), 'order-analytics-roles-'));
const dataDir = join(folder, 'postgres');
let postgres: PostgresServer;
let dataApi: DataApiServer;
let admin: pg.Client;
const dbOf = (database: string) => connect({ resourceArn, secretArn, database });
const passwords = ROLE_NAMES.map((role) => ({
  username: loginsOf(role)[0],
  password: randomUUID(),
}));

beforeAll(async () => {
  postgres = await startPostgres({ dataDir, settings: { fsync: 'off', log_statement: 'all' } });
  const clusters = [{ resourceArn, database: 'one' }];
  dataApi = await startDataApi({ postgres, region: 'us-east-1', clusters, secrets: [owner] });
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'local';
  process.env.AWS_SECRET_ACCESS_KEY = 'local';
  process.env.AWS_ENDPOINT_URL_RDS_DATA = dataApi.endpoint;
  admin = new pg.Client(postgres.url());
  await admin.connect();
  // As Aurora's master user: it owns the database and makes roles, and is no superuser.
  await admin.query(`CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD '${owner.password}'`);
  for (const name of DATABASES) await admin.query(`CREATE DATABASE ${name} OWNER owner`);
  for (const name of DATABASES) await migrateToLatest(dbOf(name));
});
afterAll(async () => {
  await admin.end();
  await dataApi.stop();
  await postgres.stop();
  await removePostgresData(dataDir);
  rmSync(folder, { recursive: true });
});

describe('applyRoles', () => {
  it('makes the roles once when several databases are migrated at once, by no superuser', async () => {
    await Promise.all([...DATABASES, 'one'].map((name) => applyRoles(dbOf(name), passwords)));
    const { rows } = await admin.query(`SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)`, [
      ROLE_NAMES.flatMap((role) => [role, ...loginsOf(role)]),
    ]);
    expect(rows).toHaveLength(ROLE_NAMES.length * 3);
    for (const name of DATABASES) expect(await count(name, 'stats_1')).toBe('0');
  });

  it('takes away what is not declared', async () => {
    const inside = new pg.Client({ ...owner, user: 'owner', port: postgres.port, database: 'one' });
    await inside.connect();
    await inside.query(`
      GRANT ALL ON orders, seller_keys TO stats, PUBLIC;
      GRANT SELECT (secret_sha256) ON seller_keys TO admin;
      GRANT CREATE ON SCHEMA public TO stats, PUBLIC;
      GRANT upload TO stats_1;
      ALTER ROLE stats_1 SET statement_timeout = '1h';
      ALTER ROLE stats_1 CREATEROLE`);
    await applyRoles(dbOf('one'), passwords);
    const { rows } = await inside.query(`
      SELECT
        has_table_privilege('stats_1', 'orders', 'SELECT, UPDATE, DELETE') AS orders,
        has_any_column_privilege('stats_1', 'seller_keys', 'SELECT, UPDATE') AS keys,
        has_column_privilege('admin_1', 'seller_keys', 'secret_sha256', 'SELECT') AS hash,
        pg_has_role('stats_1', 'upload', 'MEMBER') AS member,
        has_schema_privilege('stats_1', 'public', 'CREATE') AS creates,
        (SELECT rolcreaterole FROM pg_roles WHERE rolname = 'stats_1') AS makes_roles,
        (SELECT 'statement_timeout=10s' = ANY (setconfig) FROM pg_db_role_setting
         WHERE setrole = 'stats_1'::regrole) AS limited`);
    await inside.end();
    expect(rows).toEqual([
      {
        orders: false,
        keys: false,
        hash: false,
        member: false,
        creates: false,
        makes_roles: false,
        limited: true,
      },
    ]);
  });

  it('gives a login the password of its secret, and the other login none', async () => {
    expect(await count('one', 'stats_1')).toBe('0');
    const password = passwords.find(({ username }) => username === 'stats_1')?.password;
    await expect(count('one', 'stats_2', password)).rejects.toThrow('authentication failed');
    await expect(count('one', 'stats_1', 'guess')).rejects.toThrow('authentication failed');
  });

  it('lets PostgreSQL log no password', async () => {
    const log = readFileSync(join(dataDir, 'server.log'), 'utf8');
    expect(log).toContain("PASSWORD 'SCRAM-SHA-256$4096:");
    for (const { password } of passwords) expect(log).not.toContain(password);
  });
});

/** How many users the login sees. */
async function count(database: string, user: string, password?: string): Promise<string> {
  const known = passwords.find(({ username }) => username === user)?.password;
  const client = new pg.Client({
    host: postgres.host,
    port: postgres.port,
    database,
    user,
    password: password ?? known,
  });
  await client.connect();
  try {
    return (await client.query('SELECT count(*) FROM users')).rows[0].count;
  } finally {
    await client.end();
  }
}
