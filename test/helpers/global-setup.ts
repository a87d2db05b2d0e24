import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import type { LoginPassword } from '../../db/roles/apply-roles.ts';
import { loginsOf, ROLE_NAMES, type RoleName } from '../../db/roles/names.ts';
import { clusterArn, LOCAL_REGION, localEnvironment, secretArn } from '../../local/aws/account.ts';
import { startDataApi } from '../../local/data-api/server.ts';
import { removeData } from '../../local/postgres/paths.ts';
import { startPostgres } from '../../local/postgres/server.ts';
import { testAssembly } from './assembly.ts';
import { migrateData } from './migrated-data.ts';
import { copyPostgresData, makePostgresData, THROWN_AWAY } from './postgres-data.ts';

/** Where the tests' PostgreSQL and Data API are; tests get it by `inject('cloud')`. */
export interface TestCloud {
  readonly postgresUrl: string;
  readonly dataApiEndpoint: string;
  readonly region: string;
  readonly resourceArn: string;
  /** The owner's. */
  readonly secretArn: string;
  readonly roleSecretArns: Readonly<Record<RoleName, string>>;
  /** What every secret holds, the owner's and the roles'. */
  readonly secrets: readonly (LoginPassword & { readonly secretArn: string })[];
  /** A migrated database to clone. */
  readonly template: string;
  /** PostgreSQL's data as no server has used it yet, for `copyPostgresData`. */
  readonly postgresData: string;
  /** The same with the app's database, migrated. */
  readonly migratedData: string;
  /** The folder of the synthesized CDK app, for reading. */
  readonly assembly: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    cloud: TestCloud;
  }
}

const RESOURCE_ARN = clusterArn('test');
const TEMPLATE = 'test_template';

/**
 * One PostgreSQL, one Data API and one synthesized app for all test files;
 * each clones a database of its own.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-test-'));
  const dataDir = join(folder, 'postgres');
  const postgresData = join(folder, 'unused-postgres');
  const migratedData = join(folder, 'migrated-postgres');
  const synthesized = testAssembly();
  const logins = ROLE_NAMES.map((role) => ({
    secretArn: secretArn(role),
    username: loginsOf(role)[0],
    password: randomUUID(),
  }));
  await makePostgresData(postgresData);
  copyPostgresData(postgresData, migratedData);
  const migrated = await migrateData(migratedData, logins);
  copyPostgresData(migratedData, dataDir);
  const postgres = await startPostgres({ dataDir, settings: THROWN_AWAY });
  const owner = {
    secretArn: secretArn('owner'),
    username: postgres.user,
    password: postgres.password,
  };
  const dataApi = await startDataApi({
    postgres,
    region: LOCAL_REGION,
    clusters: [{ resourceArn: RESOURCE_ARN }],
    secrets: [owner, ...logins],
  });
  const cloud: TestCloud = {
    postgresUrl: postgres.url(),
    dataApiEndpoint: dataApi.endpoint,
    region: LOCAL_REGION,
    resourceArn: RESOURCE_ARN,
    secretArn: owner.secretArn,
    roleSecretArns: Object.fromEntries(ROLE_NAMES.map((role) => [role, secretArn(role)])) as Record<
      RoleName,
      string
    >,
    secrets: [owner, ...logins],
    template: TEMPLATE,
    postgresData,
    migratedData,
    assembly: await synthesized,
  };
  await makeTemplate(cloud, migrated);
  Object.assign(process.env, awsEnvironment(cloud));
  project.provide('cloud', cloud);

  return async () => {
    await dataApi[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
    removeData(dataDir);
    removeData(postgresData);
    removeData(migratedData);
    rmSync(folder, { recursive: true });
  };
}

/** The migrated database under a name of the tests, to which nobody connects. */
async function makeTemplate({ postgresUrl, template }: TestCloud, migrated: string): Promise<void> {
  const admin = new pg.Client(postgresUrl);
  await admin.connect();
  await admin.query(`ALTER DATABASE ${migrated} RENAME TO ${template}`);
  await admin.query(`ALTER DATABASE ${template} ALLOW_CONNECTIONS false`);
  await admin.end();
}

/** What the AWS SDK reads to find the stand-in. */
export function awsEnvironment(cloud: TestCloud): Record<string, string> {
  return {
    ...localEnvironment(cloud.region),
    AWS_ENDPOINT_URL_RDS_DATA: cloud.dataApiEndpoint,
  };
}
