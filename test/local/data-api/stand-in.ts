import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type ExecuteStatementRequest,
  type ExecuteStatementResponse,
  RDSData,
  type RDSDataClientConfig,
  type SqlParameter,
} from '@aws-sdk/client-rds-data';
import { expect } from 'vitest';
import {
  type DataApiOptions,
  type DataApiServer,
  startDataApi,
} from '../../../local/data-api/server.ts';
import { removeData } from '../../../local/postgres/places.ts';
import { type PostgresServer, startPostgres } from '../../../local/postgres/server.ts';

const REGION = 'us-east-1';

export const target = {
  resourceArn: `arn:aws:rds:${REGION}:000000000000:cluster:test`,
  secretArn: `arn:aws:secretsmanager:${REGION}:000000000000:secret:test-AbCdEf`,
};

/** The Data API stand-in on a PostgreSQL of its own, and a client of AWS's to talk to it. */
export interface StandIn {
  readonly server: DataApiServer;
  readonly postgres: PostgresServer;
  readonly client: RDSData;
  /** A client that differs in some of its settings. */
  connect(config: RDSDataClientConfig): RDSData;
  execute(
    sql: string,
    parameters?: SqlParameter[],
    more?: Partial<ExecuteStatementRequest>,
  ): Promise<ExecuteStatementResponse>;
  stop(): Promise<void>;
}

export async function startStandIn(options: Partial<DataApiOptions> = {}): Promise<StandIn> {
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-data-api-'));
  const dataDir = join(folder, 'data');
  const postgres = await startPostgres({ dataDir, settings: { fsync: 'off' } });
  const { user: username, password } = postgres;
  const server = await startDataApi({
    postgres,
    region: REGION,
    clusters: [{ resourceArn: target.resourceArn, database: 'postgres' }],
    secrets: [{ secretArn: target.secretArn, username, password }],
    ...options,
  });
  const connect = (config: RDSDataClientConfig) =>
    new RDSData({
      endpoint: server.endpoint,
      region: REGION,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      maxAttempts: 1,
      ...config,
    });
  const client = connect({});
  return {
    server,
    postgres,
    client,
    connect,
    execute: (sql, parameters, more) =>
      client.executeStatement({ ...target, sql, parameters, ...more }),
    stop: async () => {
      await server.stop();
      await postgres.stop();
      removeData(dataDir);
      rmSync(folder, { recursive: true });
    },
  };
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
