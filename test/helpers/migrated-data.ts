import pg from 'pg';
import { DataApiClient } from '../../db/data-api/client.ts';
import { connect } from '../../db/data-api/connect.ts';
import { migrateToLatest } from '../../db/migrate.ts';
import { applyRoles, type LoginPassword } from '../../db/roles/apply-roles.ts';
import { clusterArn, LOCAL_REGION, localEnvironment, secretArn } from '../../local/aws/account.ts';
import { startDataApi } from '../../local/data-api/server.ts';
import { startPostgres } from '../../local/postgres/server.ts';
import { THROWN_AWAY } from './postgres-data.ts';

/** As the app calls it. */
const DATABASE = 'order_analytics';

/**
 * Brings a data folder up to where a service has migrated it: the app's database with its schema,
 * and the roles with these logins, whose passwords a service replaces by its own.
 *
 * @returns the database's name
 */
export async function migrateData(
  dataDir: string,
  logins: readonly LoginPassword[],
): Promise<string> {
  await using postgres = await startPostgres({ dataDir, settings: THROWN_AWAY });
  const client = new pg.Client(postgres.url());
  await client.connect();
  await client.query(`CREATE DATABASE ${DATABASE}`);
  await client.end();
  const resourceArn = clusterArn('migrated');
  const owner = { secretArn: secretArn('owner'), username: postgres.user };
  await using dataApi = await startDataApi({
    postgres,
    region: LOCAL_REGION,
    clusters: [{ resourceArn }],
    secrets: [{ ...owner, password: postgres.password }],
  });
  Object.assign(process.env, localEnvironment(LOCAL_REGION), {
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
  });
  const address = { resourceArn, secretArn: owner.secretArn, database: DATABASE };
  const db = connect(address, new DataApiClient());
  await migrateToLatest(db);
  await applyRoles(db, logins);
  return DATABASE;
}
