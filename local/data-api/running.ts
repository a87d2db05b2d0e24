import type { Clock } from './clock.ts';
import { DataApiError, SessionEndedEarlyError } from './errors.ts';
import { STATEMENT_MS } from './limits.ts';
import type { Login, Session } from './postgres/session.ts';
import type { SessionPool } from './postgres/session-pool.ts';

/** Work on a session. */
export interface Running<T> {
  /** Settles when the session can be used again. */
  readonly done: Promise<T>;
  /** Rejects when the caller is told that it took too long, while the statement runs on. */
  readonly tooLong: Promise<never>;
}

/** What runs in the time that a call has; `signal` tells when that is over. */
export type Work<T> = (session: Session, signal: AbortSignal) => Promise<T>;

export interface TimeLimit {
  readonly clock: Clock;
  /** Lets the statement run on when the caller has been told that it took too long. */
  readonly continueAfterTimeout?: boolean;
}

/** Starts `work`; after 45 seconds it is StatementTimeoutException and the statement is cancelled. */
export function start<T>(session: Session, limit: TimeLimit, work: Work<T>): Running<T> {
  const { clock, continueAfterTimeout = false } = limit;
  const tooLong = Promise.withResolvers<never>();
  const ending = new AbortController();
  let cancelled: Promise<void> | undefined;
  const stopTimer = clock.after(STATEMENT_MS, () => {
    if (continueAfterTimeout) return tooLong.reject(timeout(session));
    ending.abort();
    cancelled = session.cancel();
  });
  async function workInTime(): Promise<T> {
    try {
      return await work(session, ending.signal);
    } catch (error) {
      throw cancelled ? timeout(session) : error;
    } finally {
      stopTimer();
      await cancelled;
    }
  }
  return { done: workInTime(), tooLong: tooLong.promise };
}

const timeout = ({ pid }: Session) =>
  new DataApiError('StatementTimeoutException', 'Request timed out', { dbConnectionId: pid });

/**
 * What `use` answers with a session of the pool; tried with another one where PostgreSQL had ended
 * the session while nobody used it. `use` gives the session back.
 */
export async function withPooledSession<T>(
  pool: SessionPool,
  login: Login,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  for (;;) {
    const session = await pool.acquire(login);
    try {
      return await use(session);
    } catch (error) {
      if (!(error instanceof SessionEndedEarlyError) || session.isFresh) throw error;
    }
  }
}
