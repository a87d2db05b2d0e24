import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../aws/account.ts';
import { type Clock, systemClock } from '../aws/clock.ts';
import type { LocalApp } from '../cloud-assembly/model.ts';
import { readCloudAssembly } from '../cloud-assembly/read.ts';
import { type DataApiServer, startDataApi } from '../data-api/server.ts';
import { type EventBusServer, startEventBus } from '../event-bus/server.ts';
import type { TextBodies } from '../gateway/body-encoding.ts';
import { startGateway } from '../gateway/gateway.ts';
import type { Invoke } from '../lambda/invocation.ts';
import { startInvokeApi } from '../lambda/invoke-api.ts';
import { type Lambda, startLambda } from '../lambda/lambda.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { startScheduler } from '../scheduler/scheduler.ts';
import { type SecretsManager, startSecretsManager } from '../secrets-manager/server.ts';
import { dataFolder } from './data-folder.ts';
import { createDatabases, generateSecrets } from './databases.ts';
import type { ServiceEndpoints } from './endpoints.ts';
import { synthesize } from './synthesize.ts';

export interface ServiceOptions {
  /** The folder that keeps the database between runs; only one process at a time may use it. */
  readonly dataDir: string;
  /** The API's port. @default a free one */
  readonly port?: number;
  /** A folder that `cdk synth` wrote. @default synthesized anew, into the data folder */
  readonly assembly?: string;
  /** Told what happens, and of every request, a line each. */
  readonly log?: (line: string) => void;
  /** Told every line that a function logs. @default what `log` is */
  readonly functionLog?: (line: string) => void;
  /** PostgreSQL settings beside ours, such as `{ fsync: 'off' }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether API Gateway's throttles hold. @default false */
  readonly throttled?: boolean;
  /** Which bodies API Gateway hands over as text. @default 'content-type' */
  readonly textBodies?: TextBodies;
  /** Whether schedules start their functions. @default false */
  readonly scheduled?: boolean;
  /** By whose time all parts live but PostgreSQL. @default the system's */
  readonly clock?: Clock;
  /** Gives up starting. */
  readonly signal?: AbortSignal;
}

/** The whole service on one machine, running until it is disposed of. */
export interface Service extends AsyncDisposable {
  readonly endpoints: ServiceEndpoints;
  readonly app: LocalApp;
  readonly postgres: PostgresServer;
  readonly dataApi: DataApiServer;
  readonly eventBus: EventBusServer;
  readonly secretsManager: SecretsManager;
  /** Runs a function as Lambda would; what it throws is in the answer. */
  readonly invoke: Invoke;
}

/**
 * Starts what the synthesized templates describe, each part behind its stand-in, and runs the
 * functions that a deploy would run.
 *
 * @throws when a part does not start; those that had are stopped then
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { port = 0, settings = {}, throttled = false, textBodies, scheduled = false } = options;
  const { clock = systemClock } = options;
  const { log = () => {}, functionLog = log, signal = new AbortController().signal } = options;
  const data = dataFolder(options.dataDir);
  await using starting = new AsyncDisposableStack();

  const [postgres, app] = await together(
    startPostgres({ dataDir: data.postgres, log, settings }).then((server) => {
      log(`PostgreSQL is on port ${server.port}`);
      return starting.use(server);
    }),
    readApp(options, data.assembly, signal),
  );
  signal.throwIfAborted();

  const [cluster] = app.clusters;
  const [httpApi] = app.httpApis;
  if (!cluster || !httpApi) throw new Error('The CDK app has no database or no HTTP API.');
  await createDatabases(postgres, app.clusters);
  const secretsManager = starting.use(
    await startSecretsManager({
      secrets: generateSecrets(postgres, app.secrets),
      rotationOf: (secretArn) => {
        const rotation = app.rotations.find((one) => one.secretArn === secretArn);
        return rotation && ((step) => lambda.invokeOrThrow(rotation.function, step));
      },
      log,
      clock,
    }),
  );
  const dataApi = starting.use(
    await startDataApi({
      postgres,
      region: LOCAL_REGION,
      clusters: app.clusters,
      get secrets() {
        return secretsManager.credentials; // as they are at each call: they may be rotated
      },
      log,
      clock,
    }),
  );
  log(`The Data API is on port ${dataApi.port}`);

  const buses = app.eventBuses.flatMap(({ name, arn }) => [name, arn]);
  const eventBus = starting.use(await startEventBus({ buses, log, clock }));

  const extraEnvironment = {
    AWS_ENDPOINT_URL_RDS_DATA: dataApi.endpoint,
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventBus.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.endpoint,
  };
  const lambda: Lambda = starting.use(startLambda({ extraEnvironment, clock, log: functionLog }));
  const { invoke } = lambda;
  for (const trigger of app.triggers) {
    signal.throwIfAborted();
    await lambda.invokeOrThrow(trigger.function, {});
  }
  log('The database schema is up to date');
  signal.throwIfAborted();

  const invokeApi = starting.use(
    await startInvokeApi({ functions: app.functions, invoke, log, clock }),
  );
  if (scheduled) starting.use(startScheduler({ schedules: app.schedules, invoke, clock, log }));
  const gateway = starting.use(
    await startGateway({ api: httpApi, invoke, port, log, throttled, textBodies, clock }),
  );
  const running = starting.move();
  return {
    app,
    postgres,
    dataApi,
    eventBus,
    secretsManager,
    invoke,
    endpoints: {
      api: gateway.endpoint,
      dataApi: {
        endpoint: dataApi.endpoint,
        region: LOCAL_REGION,
        resourceArn: cluster.resourceArn,
        secretArn: masterSecret(secretsManager, cluster.masterUsername),
        database: cluster.databaseName,
      },
      credentials: LOCAL_CREDENTIALS,
      lambda: invokeApi.endpoint,
      eventBridge: eventBus.endpoint,
      secretsManager: secretsManager.endpoint,
      postgres: postgres.url(cluster.databaseName),
      pid: process.pid,
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function readApp(
  { assembly, log }: ServiceOptions,
  synthesizedInto: string,
  signal: AbortSignal,
): Promise<LocalApp> {
  if (!assembly) await synthesize(synthesizedInto, signal, log);
  return readCloudAssembly(assembly ?? synthesizedInto);
}

/** Both results; when one fails, not before the other has settled, so that nothing starts unnoticed. */
async function together<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

function masterSecret({ credentials }: SecretsManager, masterUsername: string): string {
  const secret = credentials.find(({ username }) => username === masterUsername);
  if (!secret) throw new Error(`No secret is for the database's master user ${masterUsername}.`);
  return secret.secretArn;
}
