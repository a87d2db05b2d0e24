import { join } from 'node:path';
import pg from 'pg';
import { connect, type DatabaseAddress } from '../db/client.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { type DataApiServer, startDataApi } from '../local/data-api/server.ts';
import { startPostgres } from '../local/postgres/server.ts';
import type { Bench } from './subject.ts';

/** A migrated, empty database of a real PostgreSQL, and the Data API in front of it. */
export interface StandIns {
  readonly url: string;
  readonly address: DatabaseAddress;
  readonly dataApi: DataApiServer;
  /** As `SHOW server_version` says it. */
  readonly postgres: string;
}

const REGION = 'us-east-1';
const resourceArn = `arn:aws:rds:${REGION}:000000000000:cluster:bench`;
const secretArn = `arn:aws:secretsmanager:${REGION}:000000000000:secret:bench-AbCdEf`;
const database = 'postgres';

/**
 * For benchmarks that need no HTTP API. PostgreSQL keeps its default durability: a commit waits for
 * the disk. Sets the variables by which the AWS SDK finds the Data API.
 */
export async function startStandIns({ folder, atEnd }: Bench): Promise<StandIns> {
  const server = await startPostgres({ dataDir: join(folder, 'postgres') });
  atEnd(() => server.stop());
  const { user: username, password } = server;
  const dataApi = await startDataApi({
    postgres: server,
    region: REGION,
    clusters: [{ resourceArn, database }],
    secrets: [{ secretArn, username, password }],
  });
  atEnd(() => dataApi.stop());
  Object.assign(process.env, {
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
  });
  const address = { resourceArn, secretArn, database };
  await migrateToLatest(connect(address));
  return { url: server.url(database), address, dataApi, postgres: await version(server.url()) };
}

async function version(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
  await client.end();
  return rows[0]?.server_version ?? 'unknown';
}
