import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import pg from 'pg';
import { inject } from 'vitest';
import { connect, type DatabaseAddress } from '../../db/client.ts';
import { DATABASE_NAME, DATABASE_RESOURCE_ARN, DATABASE_SECRET_ARN } from '../../db/env.ts';
import type { Database } from '../../db/schema.ts';
import { awsEnvironment } from './global-setup.ts';

export interface TestDatabase {
  /** Over the Data API, as the functions are. */
  readonly db: Kysely<Database>;
  /** Straight to PostgreSQL, to look at what is there. */
  readonly pg: pg.Client;
  readonly url: string;
  readonly address: DatabaseAddress;
  /** The variables with which a handler finds this database; set them before importing it. */
  readonly environment: Readonly<Record<string, string>>;
  drop(): Promise<void>;
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
  };
  Object.assign(process.env, awsEnvironment(cloud));
  const { resourceArn, secretArn } = cloud;
  const address = { resourceArn, secretArn, database };
  const db = connect(address);
  const url = Object.assign(new URL(cloud.postgresUrl), { pathname: `/${database}` }).href;
  const client = new pg.Client(url);
  await client.connect();

  return {
    db,
    pg: client,
    url,
    address,
    environment,
    drop: async () => {
      await db.destroy();
      await client.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}
