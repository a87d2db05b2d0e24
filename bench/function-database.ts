import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Context } from 'aws-lambda';
import pg from 'pg';
import { connect } from '../db/data-api/connect.ts';
import { DATABASE_NAME, DATABASE_RESOURCE_ARN, DATABASE_SECRET_ARN } from '../db/data-api/env.ts';
import { migrateToLatest } from '../db/migrate.ts';
import { applyRoles } from '../db/roles/apply-roles.ts';
import { loginsOf, type RoleName } from '../db/roles/names.ts';
import { clusterArn, LOCAL_REGION, localEnvironment, secretArn } from '../local/aws/account.ts';
import { type DataApiServer, startDataApi } from '../local/data-api/server.ts';
import { type PostgresServer, startPostgres } from '../local/postgres/server.ts';
import type { Bench } from './subject.ts';

const database = 'postgres';

/** An empty database behind the Data API, and the owner's own connection to it. */
export interface FunctionDatabase {
  readonly server: PostgresServer;
  readonly dataApi: DataApiServer;
  readonly db: pg.Client;
}

/** Sets the variables with which a function's handler finds the database, as its own role. */
export async function databaseOf(
  role: RoleName,
  { folder, use, atEnd }: Pick<Bench, 'folder' | 'use' | 'atEnd'>,
): Promise<FunctionDatabase> {
  const server = use(
    await startPostgres({
      dataDir: join(folder, 'postgres'),
      settings: { shared_buffers: '1GB' }, // Aurora gives three quarters of its memory
    }),
  );
  const resourceArn = clusterArn('bench');
  const login = { username: loginsOf(role)[0], password: randomUUID() };
  const dataApi = use(
    await startDataApi({
      postgres: server,
      region: LOCAL_REGION,
      clusters: [{ resourceArn }],
      secrets: [
        { secretArn: secretArn('owner'), username: server.user, password: server.password },
        { secretArn: secretArn(role), ...login },
      ],
    }),
  );
  Object.assign(process.env, {
    ...localEnvironment(),
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
    [DATABASE_RESOURCE_ARN]: resourceArn,
    [DATABASE_SECRET_ARN]: secretArn(role),
    [DATABASE_NAME]: database,
  });
  const owner = connect({ resourceArn, secretArn: secretArn('owner'), database });
  await migrateToLatest(owner);
  await applyRoles(owner, [login]);
  const db = new pg.Client(server.url(database));
  await db.connect();
  atEnd(() => db.end());
  return { server, dataApi, db };
}

/** What Lambda tells a function of an invocation that has all its time. */
export function contextOf(role: RoleName): Context {
  return {
    functionName: role,
    awsRequestId: 'bench',
    getRemainingTimeInMillis: () => 29_000,
  } as Context;
}
