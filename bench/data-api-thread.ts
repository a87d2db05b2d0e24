import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { DatabaseAddress } from '../db/data-api/connect.ts';
import { clusterArn, LOCAL_REGION, localEnvironment, secretArn } from '../local/aws/account.ts';
import { type PostgresServer, startPostgres } from '../local/postgres/server.ts';
import type { Bench } from './subject.ts';

/** The Data API stand-in in a thread of its own: what its clients do here does not hold it up. */
export interface DataApiThread {
  readonly endpoint: string;
  readonly region: string;
  readonly address: DatabaseAddress;
  readonly server: PostgresServer;
  /** Since the last time: how long its event loop worked, and how long something waited for it. */
  load(): Promise<{ activeMs: number; longestDelayMs: number }>;
  /** What is in use after the garbage was collected. */
  heapBytes(): Promise<number>;
}

const address = {
  resourceArn: clusterArn('bench'),
  secretArn: secretArn('bench'),
  database: 'postgres',
};

/** Sets the variables by which the AWS SDK finds the stand-in, too. */
export async function startDataApiThread({ folder, atEnd, use }: Bench): Promise<DataApiThread> {
  const server = use(await startPostgres({ dataDir: join(folder, 'postgres') }));
  const { host, port, user: username, password } = server;
  const worker = new Worker(new URL('data-api-worker.ts', import.meta.url), {
    workerData: {
      postgres: { host, port },
      region: LOCAL_REGION,
      clusters: [{ resourceArn: address.resourceArn }],
      secrets: [{ secretArn: address.secretArn, username, password }],
    },
  });
  atEnd(async () => {
    const exited = once(worker, 'exit');
    worker.postMessage('stop');
    await exited;
  });
  const answer = async () => (await once(worker, 'message'))[0];
  const ask = (question: string) => {
    const answered = answer();
    worker.postMessage(question);
    return answered;
  };
  const { endpoint } = await answer();
  Object.assign(process.env, {
    ...localEnvironment(),
    AWS_ENDPOINT_URL_RDS_DATA: endpoint,
  });
  return {
    endpoint,
    region: LOCAL_REGION,
    address,
    server,
    load: () => ask('load'),
    heapBytes: async () => (await ask('heap')).heapBytes,
  };
}
