import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { keyHeader } from '../cli/keys/seller-key.ts';
import { migrateToLatest } from '../db/migrate.ts';
import type { Database } from '../db/schema.ts';
import type { ServiceEndpoints } from '../local/service/endpoints.ts';
import { type Checkout, startCheckout } from './checkout.ts';
import { type CpuReading, readCpu } from './process-cpu.ts';
import type { Bench } from './subject.ts';
import { byCopy, type Contender, overHttp } from './upload-contenders.ts';

export const MOST_CLIENTS = 4;

/** Who uploads; each client is a seller of its own. */
export const SELLERS = Array.from({ length: MOST_CLIENTS }, (_, i) => `seller_${i + 1}`);

/** One of two services that are measured by turns. */
export interface Side {
  readonly endpoints: ServiceEndpoints;
  /** Uploads over HTTP, as sellers' systems do. */
  readonly http: Contender;
  /** `undefined` where the system does not tell. */
  readCpu(): CpuReading | undefined;
  /** Gives the planner the figures of what is there, and takes away what changes left. */
  vacuum(): Promise<void>;
}

/** Starts a checkout's service, with a key for every seller, on a database that commits to disk. */
export async function startSide(bench: Bench, checkout: Checkout): Promise<Side> {
  const endpoints = await startCheckout(bench, checkout);
  const db = new pg.Client(endpoints.postgres);
  db.on('error', () => {}); // the server's end is told by the uploads
  await db.connect();
  bench.atEnd(() => db.end());
  await assertCommitsWaitForDisk(db);
  await endAutovacuum(db);
  const keys: Record<string, { authorization: string }> = {};
  for (const seller of SELLERS) keys[seller] = await keyHeader(endpoints, seller);
  return {
    endpoints,
    http: overHttp(endpoints.api, keys),
    readCpu: () => readCpu(endpoints.pid),
    vacuum: async () => {
      await db.query('VACUUM ANALYZE');
    },
  };
}

async function assertCommitsWaitForDisk(db: pg.Client): Promise<void> {
  for (const setting of ['fsync', 'synchronous_commit']) {
    const { rows } = await db.query<Record<string, string>>(`SHOW ${setting}`);
    if (rows[0]?.[setting] !== 'on') throw new Error(`${setting} is ${rows[0]?.[setting]}.`);
  }
}

/** It comes to one side in one round; instead both are vacuumed after each size's first round. */
async function endAutovacuum(db: pg.Client): Promise<void> {
  await db.query('ALTER SYSTEM SET autovacuum = off');
  await db.query('SELECT pg_reload_conf()');
}

/**
 * `COPY` into this checkout's schema, in a database that only has what is copied: in the service's
 * own, it would make the tables of one side larger than the other's.
 */
export async function startCopy(bench: Bench, { endpoints }: Side): Promise<Contender> {
  const admin = new pg.Client(endpoints.postgres);
  await admin.connect();
  await admin.query('CREATE DATABASE copied');
  await admin.end();
  const url = Object.assign(new URL(endpoints.postgres), { pathname: '/copied' }).href;
  const pool = new pg.Pool({ connectionString: url }); // a migration may take two connections
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  await migrateToLatest(db);
  await db.destroy();
  const copy = await byCopy(url, MOST_CLIENTS, SELLERS);
  bench.atEnd(() => copy.close());
  return copy;
}
