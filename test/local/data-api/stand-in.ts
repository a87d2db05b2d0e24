import { randomUUID } from 'node:crypto';
import {
  type ExecuteStatementRequest,
  type ExecuteStatementResponse,
  RDSData,
  type RDSDataClientConfig,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import pg from 'pg';
import { expect, inject } from 'vitest';
import {
  clusterArn,
  LOCAL_CREDENTIALS,
  LOCAL_REGION,
  secretArn,
} from '../../../local/aws/account.ts';
import {
  type DataApiOptions,
  type DataApiServer,
  startDataApi,
} from '../../../local/data-api/server.ts';
import { eventually } from '../../helpers/eventually.ts';
import { TestClock } from '../../helpers/test-clock.ts';

export const target = {
  resourceArn: clusterArn('test'),
  secretArn: secretArn('test'),
};

/** A Data API stand-in on a database of its own, and a client of AWS's to talk to it. */
export interface StandIn {
  readonly server: DataApiServer;
  /** Stands still until {@link pass}. */
  readonly clock: TestClock;
  readonly database: string;
  /** Straight to PostgreSQL, to look at what is there. */
  readonly pg: pg.Client;
  readonly client: RDSData;
  /** A client that differs in some of its settings. It names the database where a call does not. */
  connect(config: RDSDataClientConfig): RDSData;
  execute(
    sql: string,
    parameters?: SqlParameter[],
    more?: Partial<ExecuteStatementRequest>,
  ): Promise<ExecuteStatementResponse>;
  /** The first column of an answer's rows. */
  column(sql: string, more?: Partial<ExecuteStatementRequest>): Promise<unknown[]>;
  begin(): Promise<{ transactionId: string }>;
  /** Lets time pass, for the stand-in and for the client that signs. */
  pass(ms: number): void;
  /** Settles when PostgreSQL runs a statement with this text. */
  untilRunning(text: string): Promise<void>;
  /** Settles when it does no more. */
  untilEnded(text: string): Promise<void>;
  stop(): Promise<void>;
}

export interface StandInOptions extends Partial<DataApiOptions> {
  /** Where calls go. @default the stand-in's own */
  readonly named?: string;
}

export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const url = new URL(inject('cloud').postgresUrl);
  const { username, password } = url;
  const database = `data_api_${randomUUID().replaceAll('-', '')}`;
  const admin = await connected(url);
  await admin.query(`CREATE DATABASE ${database}`);
  const inside = await connected(Object.assign(new URL(url), { pathname: `/${database}` }));

  const clock = new TestClock();
  const server = await startDataApi({
    postgres: { host: url.hostname, port: Number(url.port) },
    region: LOCAL_REGION,
    clusters: [target],
    secrets: [{ secretArn: target.secretArn, username, password }],
    clock,
    ...options,
  });
  const connect = (config: RDSDataClientConfig) => {
    const client = new RDSData({
      endpoint: server.endpoint,
      region: LOCAL_REGION,
      credentials: LOCAL_CREDENTIALS,
      maxAttempts: 1,
      ...config,
    });
    const named = { database: options.named ?? database };
    client.middlewareStack.add(
      (next) => (args) =>
        next({ ...args, input: { ...named, ...args.input } as typeof args.input }),
      { step: 'initialize' },
    );
    return client;
  };
  const client = connect({});
  const isRunning = async (text: string) => {
    const { rowCount } = await admin.query(
      `SELECT FROM pg_stat_activity
       WHERE datname = $1 AND state = 'active' AND query LIKE '%' || $2 || '%'`,
      [options.named ?? database, text],
    );
    return rowCount !== 0;
  };
  const execute: StandIn['execute'] = (sql, parameters, more) =>
    client.executeStatement({ ...target, sql, parameters, ...more });
  return {
    server,
    clock,
    database,
    pg: inside,
    client,
    connect,
    execute,
    column: async (sql, more) => {
      const { records = [] } = await execute(sql, [], more);
      return records.map(([field]) => Object.values(field ?? {})[0]);
    },
    begin: async () => {
      const { transactionId = '' } = await client.beginTransaction(target);
      return { transactionId };
    },
    pass: (ms) => {
      clock.pass(ms);
      client.config.systemClockOffset = clock.now() - Date.now();
    },
    untilRunning: async (text) => {
      await eventually(async () => expect(await isRunning(text)).toBe(true));
    },
    untilEnded: async (text) => {
      await eventually(async () => expect(await isRunning(text)).toBe(false));
    },
    stop: async () => {
      client.destroy();
      await server[Symbol.asyncDispose]();
      await inside.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await admin.end();
    },
  };
}

async function connected(url: URL): Promise<pg.Client> {
  const client = new pg.Client(url.href);
  await client.connect();
  return client;
}

/** A parameter called `x`. */
export function x(
  value: SqlParameter['value'],
  typeHint?: SqlParameter['typeHint'],
): SqlParameter[] {
  return [{ name: 'x', value, ...(typeHint && { typeHint }) }];
}

/** Expects that a call is refused with exactly this exception and text. */
export async function expectRefusal(
  call: Promise<unknown>,
  name: string,
  message: string | RegExp,
): Promise<void> {
  const error = await call.then(
    (answer) => Promise.reject(new Error(`It was answered: ${JSON.stringify(answer)}`)),
    (refusal: Error) => refusal,
  );
  expect({ name: error.name, message: error.message }).toEqual({
    name,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
}
