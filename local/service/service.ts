import { LOCAL_REGION } from '../aws/account.ts';
import { systemClock } from '../aws/clock.ts';
import type { LocalApp } from '../cloud-assembly/model.ts';
import { type DataApiServer, startDataApi } from '../data-api/server.ts';
import { type EventBusServer, startEventBus } from '../event-bus/server.ts';
import { startGateway } from '../gateway/gateway.ts';
import type { Invoke } from '../lambda/invocation.ts';
import { startInvokeApi } from '../lambda/invoke-api.ts';
import { type Lambda, startLambda } from '../lambda/lambda.ts';
import { type PostgresServer, startPostgres } from '../postgres/server.ts';
import { Queues } from '../queues/queues.ts';
import { startScheduler } from '../scheduler/scheduler.ts';
import { type SecretsManager, startSecretsManager } from '../secrets-manager/server.ts';
import { readApp } from './app.ts';
import { dataFolder } from './data-folder.ts';
import { createDatabases, generateSecrets } from './databases.ts';
import { endpointsOf, type ServiceEndpoints } from './endpoints.ts';
import type { ServiceOptions } from './options.ts';

/** The whole service on one machine, running until it is disposed of. */
export interface Service extends AsyncDisposable {
  readonly endpoints: ServiceEndpoints;
  readonly app: LocalApp;
  readonly postgres: PostgresServer;
  readonly dataApi: DataApiServer;
  readonly eventBus: EventBusServer;
  readonly queues: Queues;
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
  const { port, settings, throttled, textBodies, onAnswer, onInvocation, onStatement } = options;
  const { scheduled = false, clock = systemClock, log = () => {}, functionLog = log } = options;
  const { signal = new AbortController().signal } = options;
  const data = dataFolder(options.dataDir);
  await using starting = new AsyncDisposableStack();

  const [postgres, app] = await together(
    startPostgres({ dataDir: data.postgres, log, settings }).then((server) => {
      starting.use(server);
      log(`PostgreSQL is on port ${server.port}`);
      return server;
    }),
    readApp(options.assembly, data.assembly, signal, log),
  );
  signal.throwIfAborted();
  await createDatabases(postgres, app.clusters);
  const secretsManager = starting.use(
    await startSecretsManager({
      secrets: generateSecrets(postgres, app.secrets),
      rotationOf: rotationsOf(app, (fn, step) => lambda.invokeOrThrow(fn, step)),
      beforePut: ({ username, password }) => {
        if (username === postgres.user) postgres.keepPassword(password);
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
      onStatement,
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
  const lambda: Lambda = starting.use(
    startLambda({ extraEnvironment, clock, log: functionLog, onInvocation }),
  );
  await runTriggers(app, lambda, signal);
  log('The database schema is up to date');
  signal.throwIfAborted();
  const { functions, schedules, httpApi: api } = app;
  const { invoke } = lambda;
  const invokeApi = starting.use(await startInvokeApi({ functions, invoke, log, clock }));
  const queues = new Queues(app.queues);
  if (scheduled) starting.use(startScheduler({ schedules, invoke, queues, clock, log }));
  const gateway = starting.use(
    await startGateway({ api, invoke, port, log, throttled, textBodies, onAnswer, clock }),
  );

  const parts = { postgres, secretsManager, dataApi, eventBus, invokeApi, gateway };
  const endpoints = endpointsOf(app.cluster, parts);
  const running = starting.move();
  return {
    endpoints,
    app,
    postgres,
    dataApi,
    eventBus,
    queues,
    secretsManager,
    invoke,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/**
 * Both results; when one fails, not before the other has settled, so that nothing starts unnoticed.
 */
async function together<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}

/** What gives a secret new values, a step at a time, where the templates have something for it. */
function rotationsOf({ rotations }: LocalApp, run: Lambda['invokeOrThrow']) {
  return (secretArn: string) => {
    const rotation = rotations.find((one) => one.secretArn === secretArn);
    return rotation && ((step: unknown) => run(rotation.function, step));
  };
}

/** Runs the functions that a deploy would run, one after the other. */
async function runTriggers(app: LocalApp, lambda: Lambda, signal: AbortSignal): Promise<void> {
  for (const trigger of app.triggers) {
    signal.throwIfAborted();
    await lambda.invokeOrThrow(trigger.function, {});
  }
}
