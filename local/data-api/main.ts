import { once } from 'node:events';
import { join } from 'node:path';
import { LOCAL_REGION } from '../cloud-assembly/identities.ts';
import { startPostgres } from '../postgres/server.ts';
import { createDatabases, generateSecrets } from '../start/databases.ts';
import { lockDataFolder } from '../start/lock.ts';
import { StartError } from '../start/options.ts';
import { assertPortIsFree } from '../start/ports.ts';
import { stopSignal } from '../start/stop-signal.ts';
import { DATA_API_USAGE, type DataApiStartOptions, parseDataApiOptions } from './options.ts';
import { startDataApi } from './server.ts';

// `npm run data-api`: the Data API alone, for any program that talks to it, until it is told to stop.

const DATABASE = 'local';
const RESOURCE_ARN = `arn:aws:rds:${LOCAL_REGION}:000000000000:cluster:local`;
const SECRET_ARN = `arn:aws:secretsmanager:${LOCAL_REGION}:000000000000:secret:local-AbCdEf`;

try {
  const options = parseDataApiOptions(process.argv.slice(2));
  if (options === 'help') console.log(DATA_API_USAGE);
  else await run(options, stopSignal());
} catch (error) {
  process.exitCode = 1;
  console.error(error instanceof StartError ? error.message : error);
}

async function run({ port, dataDir }: DataApiStartOptions, signal: AbortSignal): Promise<void> {
  const lock = lockDataFolder({
    folder: dataDir,
    lock: join(dataDir, 'lock'),
    pid: join(dataDir, 'pid'),
  });
  await using running = new AsyncDisposableStack();
  running.defer(() => lock.release());
  await assertPortIsFree(port);
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), log: console.log });
  running.defer(() => postgres.stop());
  await createDatabases(postgres, [{ databaseName: DATABASE }]);
  const dataApi = await startDataApi({
    postgres,
    port,
    region: LOCAL_REGION,
    clusters: [{ resourceArn: RESOURCE_ARN, database: DATABASE }],
    secrets: generateSecrets(postgres, [{ secretArn: SECRET_ARN, username: postgres.user }]),
    log: console.log,
  });
  running.defer(() => dataApi.stop());
  if (signal.aborted) return;
  console.log(introduction(dataApi.endpoint, postgres.url(DATABASE)));
  await once(signal, 'abort');
  console.log('Stopping');
}

function introduction(endpoint: string, postgresUrl: string): string {
  return `The Data API is on ${endpoint}; Ctrl-C stops it

For AWS's clients:

export AWS_ENDPOINT_URL_RDS_DATA=${endpoint}
export AWS_REGION=${LOCAL_REGION} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local
export RESOURCE_ARN=${RESOURCE_ARN}
export SECRET_ARN=${SECRET_ARN}

aws rds-data execute-statement --resource-arn $RESOURCE_ARN --secret-arn $SECRET_ARN --database ${DATABASE} --sql 'SELECT version()'

Faults and counters: ${endpoint}/_control/faults, ${endpoint}/_control/counters
The same database without the Data API: ${postgresUrl}
`;
}
