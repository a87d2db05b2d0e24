import type { Clock } from '../../aws/clock.ts';
import type { TypeCatalog } from '../postgres/types.ts';
import type { BoundSql } from '../request/parameters.ts';
import { type Account, loginOf, type Target } from '../request/target.ts';
import { start, type Work, withPooledSession } from '../sessions/running.ts';
import type { SessionPool } from '../sessions/session-pool.ts';
import type { Transactions } from '../sessions/transactions.ts';

/** What the operations work with. */
export interface Backend {
  readonly account: Account;
  readonly clock: Clock;
  readonly pool: SessionPool;
  readonly transactions: Transactions;
  readonly types: TypeCatalog;
  readonly onStatement: OnStatement;
}

/** Told of a statement before it runs, and as whom. */
export type OnStatement = (username: string, statement: BoundSql) => void;

export interface CallOptions {
  /** Aborts when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
  readonly transactionId?: string | undefined;
  readonly continueAfterTimeout?: boolean;
}

/** Runs `work` in the transaction that the call names, or in a session of the pool without any. */
export async function callDatabase<T>(
  backend: Backend,
  target: Target,
  { gone, transactionId, continueAfterTimeout = false }: CallOptions,
  work: Work<T>,
): Promise<T> {
  const { account, clock, pool, transactions } = backend;
  const login = loginOf(target, account);
  const limits = { clock, gone, continueAfterTimeout };
  gone.throwIfAborted();
  if (transactionId !== undefined) {
    const caller = { username: login.username, database: target.database };
    return transactions.use(transactionId, caller, (session) => start(session, limits, work));
  }
  return withPooledSession(pool, login, gone, (session) => {
    const { done, tooLong } = start(session, limits, work);
    return Promise.race([done.finally(() => pool.release(session)), tooLong]);
  });
}
