import type { Clock } from './clock.ts';
import { DataApiError, SessionEndedEarlyError } from './errors.ts';
import { STATEMENT_MS } from './limits.ts';
import type { Login, Session } from './postgres/session.ts';
import type { SessionPool } from './postgres/session-pool.ts';

/** Work on a session. When it takes too long the caller has its answer before the session is free. */
export interface Running<T> {
  readonly answer: Promise<T>;
  /** Settles, never rejecting, when the session can be used again. */
  readonly over: Promise<void>;
}

/** What runs in the time that a call has; `signal` tells when that is over. */
export type Work<T> = (session: Session, signal: AbortSignal) => Promise<T>;

export interface TimeLimit {
  readonly clock: Clock;
  /** Lets the statement run on when the caller has been told that it took too long. */
  readonly continueAfterTimeout?: boolean;
}

/** Starts `work`; after 45 seconds the answer is StatementTimeoutException and the statement is cancelled. */
export function start<T>(session: Session, limit: TimeLimit, work: Work<T>): Running<T> {
  const { clock, continueAfterTimeout = false } = limit;
  const timeout = Promise.withResolvers<never>();
  const ending = new AbortController();
  const stopTimer = clock.after(STATEMENT_MS, () => {
    const fields = { dbConnectionId: session.pid };
    timeout.reject(new DataApiError('StatementTimeoutException', 'Request timed out', fields));
    if (continueAfterTimeout) return;
    ending.abort();
    session.cancel();
  });
  const working = work(session, ending.signal);
  return {
    answer: Promise.race([working, timeout.promise]),
    over: working.then(
      () => stopTimer(),
      () => stopTimer(),
    ),
  };
}

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
