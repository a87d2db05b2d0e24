import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Kysely } from 'kysely';
import { inject } from 'vitest';
import { connect } from '../../db/data-api/connect.ts';
import type { Database } from '../../db/schema.ts';
import { localEnvironment } from '../../local/aws/account.ts';
import { removePostgresData } from '../../local/postgres/server.ts';
import { dataFolder } from '../../local/service/data-folder.ts';
import type { ServiceOptions } from '../../local/service/options.ts';
import { type Service, startService } from '../../local/service/service.ts';
import { ContractCheck } from './contract/documented.ts';
import { copyPostgresData, THROWN_AWAY } from './postgres-data.ts';

/**
 * The whole service on a data folder of its own, which goes when it stops. Migrations have run, and
 * nothing in it is durable. Stopping it fails when it has given an answer that the API's document
 * does not have.
 */
export async function startTestService(options: Partial<ServiceOptions> = {}): Promise<Service> {
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-service-'));
  const dataDir = join(folder, 'data');
  const { assembly, migratedData } = inject('cloud');
  copyPostgresData(migratedData, dataFolder(dataDir).postgres);
  const contract = new ContractCheck();
  const service = await startService({
    dataDir,
    assembly,
    settings: THROWN_AWAY,
    ...options,
    onAnswer: (answer) => {
      contract.onAnswer(answer);
      options.onAnswer?.(answer);
    },
  });
  return {
    ...service,
    [Symbol.asyncDispose]: async () => {
      await service[Symbol.asyncDispose]();
      await removePostgresData(dataFolder(dataDir).postgres);
      rmSync(folder, { recursive: true });
      contract.assertDocumented();
    },
  };
}

/**
 * The service's database as its owner, for what no request would store. Sets the SDK's variables.
 */
export function connectAsOwner({ endpoints: { dataApi } }: Service): Kysely<Database> {
  Object.assign(process.env, {
    ...localEnvironment(dataApi.region),
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
  });
  return connect(dataApi);
}
