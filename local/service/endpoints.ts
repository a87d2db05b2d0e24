import { readFileSync } from 'node:fs';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../aws/account.ts';
import type { Listening } from '../aws/loopback.ts';
import type { LocalCluster } from '../cloud-assembly/model.ts';
import type { PostgresServer } from '../postgres/server.ts';
import type { SecretsManager } from '../secrets-manager/server.ts';
import { folderHolder, type LockableFolder } from './folder-lock.ts';
import { writePrivately } from './private-file.ts';

/** Where a running service has everything. */
export interface ServiceEndpoints {
  /** Without a slash at its end. */
  readonly api: string;
  readonly dataApi: {
    readonly endpoint: string;
    readonly region: string;
    readonly resourceArn: string;
    /** The secret of the database's master user. */
    readonly secretArn: string;
    readonly database: string;
  };
  /** With which every request to AWS's stand-ins is to be signed. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Lambda's Invoke, for `AWS_ENDPOINT_URL_LAMBDA` or `aws --endpoint-url`. */
  readonly lambda: string;
  /** PutEvents, for `AWS_ENDPOINT_URL_EVENTBRIDGE`. */
  readonly eventBridge: string;
  /** For `AWS_ENDPOINT_URL_SECRETS_MANAGER`. */
  readonly secretsManager: string;
  /** The same database without the Data API, with the password. */
  readonly postgres: string;
  /** The address of a file, for this account alone, that opens the admin in a browser. */
  readonly admin?: string;
  /** The process to end with SIGTERM. */
  readonly pid: number;
}

/** The stand-ins that programs may want to reach. */
export interface ReachableParts {
  readonly postgres: PostgresServer;
  readonly secretsManager: SecretsManager;
  readonly dataApi: Listening;
  readonly eventBus: Listening;
  readonly invokeApi: Listening;
  readonly gateway: Listening;
}

export function endpointsOf(cluster: LocalCluster, parts: ReachableParts): ServiceEndpoints {
  return {
    api: parts.gateway.endpoint,
    dataApi: {
      endpoint: parts.dataApi.endpoint,
      region: LOCAL_REGION,
      resourceArn: cluster.resourceArn,
      secretArn: masterSecret(parts.secretsManager, cluster.masterUsername),
      database: cluster.databaseName,
    },
    credentials: LOCAL_CREDENTIALS,
    lambda: parts.invokeApi.endpoint,
    eventBridge: parts.eventBus.endpoint,
    secretsManager: parts.secretsManager.endpoint,
    postgres: parts.postgres.url(cluster.databaseName),
    pid: process.pid,
  };
}

function masterSecret({ credentials }: SecretsManager, masterUsername: string): string {
  const secret = credentials.find(({ username }) => username === masterUsername);
  if (!secret) throw new Error(`No secret is for the database's master user ${masterUsername}.`);
  return secret.secretArn;
}

/** The content of `endpoints.json` in the data folder of a running `npm start`. */
export interface Endpoints extends ServiceEndpoints {
  /** A key of `test_seller`, for `Authorization: Bearer …`. */
  readonly sellerKey: string;
}

export function writeEndpoints(path: string, endpoints: ServiceEndpoints): void {
  writePrivately(path, `${JSON.stringify(endpoints, null, 2)}\n`);
}

/**
 * Those of the service that has the data folder. One that was killed leaves its file behind,
 * and its process's id may be another program's by now.
 */
export function readRunningEndpoints(
  data: LockableFolder & { readonly endpoints: string },
): ServiceEndpoints | undefined {
  try {
    const endpoints = JSON.parse(readFileSync(data.endpoints, 'utf8')) as ServiceEndpoints;
    return folderHolder(data) === String(endpoints.pid) ? endpoints : undefined;
  } catch {
    return undefined;
  }
}
