import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, inject } from 'vitest';
import { connect, type DatabaseAddress } from '../../db/data-api/connect.ts';
import {
  DATABASE_NAME,
  DATABASE_RESOURCE_ARN,
  DATABASE_SECRET_ARN,
} from '../../db/data-api/env.ts';
import type { RoleName } from '../../db/roles/names.ts';
import type { Database } from '../../db/schema.ts';
import { emptyTables, RUNS, SELLERS } from './empty-tables.ts';
import { awsEnvironment } from './global-setup.ts';

export interface TestDatabase {
  /** Over the Data API, as the functions are; as the owner, who may do anything. */
  readonly db: Kysely<Database>;
  /** The same as some function's role: fails where the function would lack a right. */
  connectAs(role: RoleName): Kysely<Database>;
  /** Straight to PostgreSQL, to look at what is there. */
  readonly pg: pg.Client;
  readonly url: string;
  readonly address: DatabaseAddress;
  /**
   * The variables with which a handler finds this database as the owner;
   * set them before importing it.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** The same as the role of the handler's function. */
  environmentOf(role: RoleName): Readonly<Record<string, string>>;
  drop(): Promise<void>;
}

/** A database for a file's tests, emptied of sellers, their orders and runs before each of them. */
export function useEmptyDatabase(): TestDatabase {
  const test = useTestDatabase();
  beforeEach(() => emptyTables(test.pg, [...SELLERS, ...RUNS]));
  return test;
}

/** A database for a file's tests, there from its first hook on. */
export function useTestDatabase(): TestDatabase {
  const test = {} as TestDatabase;
  beforeAll(async () => {
    Object.assign(test, await createTestDatabase());
  });
  afterAll(() => test.drop());
  return test;
}

/** A migrated, empty database of this test file's own. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const cloud = inject('cloud');
  const database = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client(cloud.postgresUrl);
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database} TEMPLATE ${cloud.template}`);

  const environment = {
    ...awsEnvironment(cloud),
    [DATABASE_RESOURCE_ARN]: cloud.resourceArn,
    [DATABASE_SECRET_ARN]: cloud.secretArn,
    [DATABASE_NAME]: database,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
  };
  Object.assign(process.env, awsEnvironment(cloud));
  const { resourceArn, secretArn } = cloud;
  const address = { resourceArn, secretArn, database };
  const db = connect(address);
  const connections = [db];
  const connectAs = (role: RoleName) => {
    const connection = connect({ ...address, secretArn: cloud.roleSecretArns[role] });
    connections.push(connection);
    return connection;
  };
  const url = Object.assign(new URL(cloud.postgresUrl), { pathname: `/${database}` }).href;
  const client = new pg.Client(url);
  await client.connect();

  return {
    db,
    connectAs,
    pg: client,
    url,
    address,
    environment,
    environmentOf: (role) => ({
      ...environment,
      [DATABASE_SECRET_ARN]: cloud.roleSecretArns[role],
    }),
    drop: async () => {
      await Promise.all(connections.map((connection) => connection.destroy()));
      await client.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}
