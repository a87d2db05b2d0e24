import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { connect } from '../../../db/data-api/connect.ts';
import { migrateToLatest } from '../../../db/migrate.ts';
import { loginsOf, ROLE_NAMES } from '../../../db/roles/names.ts';
import {
  clusterArn,
  LOCAL_REGION,
  localEnvironment,
  secretArn,
} from '../../../local/aws/account.ts';
import { type DataApiServer, startDataApi } from '../../../local/data-api/server.ts';
import {
  type PostgresServer,
  removePostgresData,
  startPostgres,
} from '../../../local/postgres/server.ts';

/**
 * A server of its own with migrated databases: roles are a server's, and here they do not exist
 * yet.
 */
export function useRolesServer(databases: readonly string[]) {
  const resourceArn = clusterArn('test');
  const owner = { secretArn: secretArn('owner'), username: 'owner', password: randomUUID() };
  const uploadSecretArn = secretArn('upload');
  const passwords = ROLE_NAMES.map((role) => ({
    username: loginsOf(role)[0],
    password: randomUUID(),
  }));
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-roles-'));
  const dataDir = join(folder, 'postgres');
  const dbOf = (database: string) => connect({ resourceArn, secretArn: owner.secretArn, database });
  let postgres: PostgresServer;
  let dataApi: DataApiServer;
  let admin: pg.Client;

  beforeAll(async () => {
    postgres = await startPostgres({ dataDir, settings: { fsync: 'off', log_statement: 'all' } });
    const clusters = [{ resourceArn, database: databases[0] ?? '' }];
    const secrets = [owner, { ...passwordOf('upload_1'), secretArn: uploadSecretArn }];
    dataApi = await startDataApi({ postgres, region: LOCAL_REGION, clusters, secrets });
    Object.assign(process.env, {
      ...localEnvironment(),
      AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
    });
    admin = new pg.Client(postgres.url());
    await admin.connect();
    // As Aurora's master user: it owns all databases, makes roles and ends sessions,
    // and is no superuser.
    await admin.query(`
      CREATE ROLE owner LOGIN CREATEROLE CREATEDB PASSWORD '${owner.password}';
      GRANT pg_signal_backend TO owner;
      ALTER DATABASE postgres OWNER TO owner;
      ALTER DATABASE template1 OWNER TO owner`);
    for (const name of databases) await admin.query(`CREATE DATABASE ${name} OWNER owner`);
    for (const name of databases) await migrateToLatest(dbOf(name));
  });
  afterAll(async () => {
    await admin.end();
    await dataApi[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
    await removePostgresData(dataDir);
    rmSync(folder, { recursive: true });
  });

  /** A role's first login with the password of its secret. */
  function passwordOf(login: string) {
    const found = passwords.find(({ username }) => username === login);
    if (!found) throw new Error(`${login} has no secret.`);
    return found;
  }

  async function logIn(
    { user, password = passwordOf(user).password }: { user: string; password?: string },
    database: string,
  ): Promise<pg.Client> {
    const { host, port } = postgres;
    const client = new pg.Client({ host, port, database, user, password });
    await client.connect();
    return client;
  }

  return {
    owner,
    passwords,
    passwordOf,
    logIn,
    /** Over the Data API, as the owner. */
    dbOf,
    /** The first database, as the upload function. */
    dbOfUpload: () =>
      connect({ resourceArn, secretArn: uploadSecretArn, database: databases[0] ?? '' }),
    get dataApi() {
      return dataApi;
    },
    /** Straight to PostgreSQL, as a superuser. */
    get admin() {
      return admin;
    },
    /** What PostgreSQL has logged: every statement. */
    log: () => readFileSync(join(dataDir, 'server.log'), 'utf8'),

    /** How many users the login sees. */
    async count(database: string, user: string, password?: string): Promise<string> {
      const client = await logIn({ user, ...(password !== undefined && { password }) }, database);
      try {
        return (await client.query('SELECT count(*) FROM users')).rows[0].count;
      } finally {
        await client.end();
      }
    },
  };
}
