import { createServer } from 'node:http';
import { LOCAL_CREDENTIALS } from '../aws/account.ts';
import { type Clock, systemClock } from '../aws/clock.ts';
import { type Listening, listenOnLoopback } from '../aws/loopback.ts';
import type { Credentials } from '../aws/sigv4.ts';
import { Counters } from './control/counters.ts';
import { Faults } from './control/faults.ts';
import { createListener } from './http/listener.ts';
import type { OnStatement } from './operations/backend.ts';
import { TypeCatalog } from './postgres/types.ts';
import type { Account } from './request/target.ts';
import { SessionPool } from './sessions/session-pool.ts';
import { Transactions } from './sessions/transactions.ts';

// Stands in for the RDS Data API over Aurora PostgreSQL (v2). It leaves out IAM policies, MySQL and
// v1, TLS, and limits that AWS does not document; docs/data-api.md says the rest, and which test
// shows what it does.

export interface DataApiOptions extends Account {
  readonly region: string;
  /** @default a free one */
  readonly port?: number;
  readonly log?: (line: string) => void;
  /** Who may sign requests. @default one, whose id and secret are both `local` */
  readonly credentials?: readonly Credentials[];
  /** The most sessions of PostgreSQL at a time; calls beyond them wait in line. @default 64 */
  readonly maxSessions?: number;
  /** Told of every statement before it runs, and as whom. */
  readonly onStatement?: OnStatement | undefined;
  /** For limits of time and for signatures. @default the system's */
  readonly clock?: Clock;
}

/** Disposing of it ends all sessions; open transactions are rolled back. */
export interface DataApiServer extends Listening {
  readonly faults: Faults;
  readonly counters: Counters;
}

const MAX_SESSIONS = 64;

/** The Data API on loopback, for AWS SDK clients with `AWS_ENDPOINT_URL_RDS_DATA`. */
export async function startDataApi(options: DataApiOptions): Promise<DataApiServer> {
  const { region, port = 0, clock = systemClock, maxSessions = MAX_SESSIONS } = options;
  const { log = () => {}, onStatement = () => {}, credentials = [LOCAL_CREDENTIALS] } = options;
  const pool = new SessionPool(maxSessions, clock);
  const transactions = new Transactions(pool, clock);
  const types = new TypeCatalog();
  const backend = { account: options, clock, pool, transactions, types, onStatement };
  const faults = new Faults(clock);
  const counters = new Counters();
  const verifier = { service: 'rds-data', region, credentials, clock };
  const http = createServer(createListener({ backend, faults, counters, verifier, log }));
  const listening = await listenOnLoopback(http, port);
  return {
    ...listening,
    faults,
    counters,
    [Symbol.asyncDispose]: async () => {
      const closed = listening[Symbol.asyncDispose]();
      await pool.stop();
      await closed;
    },
  };
}
