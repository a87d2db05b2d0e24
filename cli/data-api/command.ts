import { join } from 'node:path';
import { clusterArn, localEnvironment, secretArn } from '../../local/aws/account.ts';
import { startDataApi } from '../../local/data-api/server.ts';
import { startPostgres } from '../../local/postgres/server.ts';
import { createDatabases, generateSecrets } from '../../local/service/databases.ts';
import { lockDataFolder } from '../../local/service/folder-lock.ts';
import { assertPortIsFree } from '../ports.ts';
import type { Command } from '../run-command.ts';
import { aborted } from '../stop-signal.ts';
import { DATA_API_LINE, type DataApiArguments, readDataApiArguments } from './arguments.ts';

const DATABASE = 'local';

interface Names {
  readonly region: string;
  readonly resourceArn: string;
  readonly secretArn: string;
}

const namesIn = (region: string): Names => ({
  region,
  resourceArn: clusterArn('local', region),
  secretArn: secretArn('local', region),
});

/** The Data API alone, for any program that talks to it, until it is told to stop. */
export const dataApiCommand: Command<DataApiArguments> = {
  line: DATA_API_LINE,
  read: readDataApiArguments,
  run,
};

async function run(
  { port, region, dataDir }: DataApiArguments,
  signal: AbortSignal,
): Promise<void> {
  const lock = lockDataFolder({
    folder: dataDir,
    lock: join(dataDir, 'lock'),
    pid: join(dataDir, 'pid'),
  });
  await using running = new AsyncDisposableStack();
  running.defer(() => lock.release());
  await assertPortIsFree(port);
  const postgres = running.use(
    await startPostgres({ dataDir: join(dataDir, 'postgres'), log: console.log }),
  );
  await createDatabases(postgres, [{ databaseName: DATABASE }]);
  const names = namesIn(region);
  const dataApi = running.use(
    await startDataApi({
      postgres,
      port,
      region,
      clusters: [names],
      secrets: generateSecrets(postgres, [{ ...names, username: postgres.user }]),
      log: console.log,
    }),
  );
  if (signal.aborted) return;
  console.log(introduction(dataApi.endpoint, names, postgres.url(DATABASE)));
  await aborted(signal);
  console.log('Stopping');
}

function introduction(
  endpoint: string,
  { region, resourceArn, secretArn }: Names,
  postgresUrl: string,
): string {
  const variables = Object.entries(localEnvironment(region)).map((pair) => pair.join('='));
  return `The Data API is on ${endpoint}; Ctrl-C stops it

For AWS's clients:

export AWS_ENDPOINT_URL_RDS_DATA=${endpoint}
export ${variables.join(' ')}
export RESOURCE_ARN=${resourceArn}
export SECRET_ARN=${secretArn}

aws rds-data execute-statement --resource-arn $RESOURCE_ARN --secret-arn $SECRET_ARN --database ${DATABASE} --sql 'SELECT version()'

Faults and counters: ${endpoint}/_control/faults, ${endpoint}/_control/counters
The same database without the Data API: ${postgresUrl}
`;
}
