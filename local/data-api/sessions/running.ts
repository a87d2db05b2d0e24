import type { Clock } from '../../aws/clock.ts';
import { DataApiError, SessionEndedEarlyError } from '../errors.ts';
import { CANCEL_MS, STATEMENT_MS } from '../limits.ts';
import type { Login, Session } from '../postgres/session.ts';
import type { SessionPool } from './session-pool.ts';

/** Work on a session. */
export interface Running<T> {
  /** Settles when the session can be used again. */
  readonly done: Promise<T>;
  /** Rejects when the caller is told that it took too long, while the statement runs on. */
  readonly tooLong: Promise<never>;
}

/** What runs as long as a call may; `signal` tells when that is over. */
export type Work<T> = (session: Session, signal: AbortSignal) => Promise<T>;

export interface Limits {
  readonly clock: Clock;
  /** Aborts when nobody waits for the answer any more. */
  readonly gone?: AbortSignal;
  /** Lets the statement run on when the caller has been told that it took too long, or has gone. */
  readonly continueAfterTimeout?: boolean;
}

/**
 * Starts `work`; after 45 seconds it is StatementTimeoutException and the statement is cancelled,
 * as it is when the caller goes. A statement that goes on all the same loses its session.
 */
export function start<T>(session: Session, limits: Limits, work: Work<T>): Running<T> {
  const { clock, gone, continueAfterTimeout = false } = limits;
  const tooLong = Promise.withResolvers<never>();
  const ending = new AbortController();
  let ended: Promise<void> | undefined;
  let stopPatience = () => {};
  const end = (reason: unknown) => {
    if (ending.signal.aborted) return;
    ending.abort(reason);
    ended = session.cancel();
    stopPatience = clock.after(CANCEL_MS, () => {
      ended = session.close();
    });
  };
  const endAsGone = () => end(gone?.reason);
  const stopTimer = clock.after(STATEMENT_MS, () =>
    continueAfterTimeout ? tooLong.reject(timeout(session)) : end(timeout(session)),
  );
  if (!continueAfterTimeout) gone?.addEventListener('abort', endAsGone);
  async function workInTime(): Promise<T> {
    try {
      if (!continueAfterTimeout) gone?.throwIfAborted();
      return await work(session, ending.signal);
    } catch (error) {
      throw ending.signal.aborted ? ending.signal.reason : error;
    } finally {
      stopTimer();
      gone?.removeEventListener('abort', endAsGone);
      await ended;
      stopPatience();
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
  gone: AbortSignal,
  use: (session: Session) => Promise<T>,
): Promise<T> {
  for (;;) {
    const session = await pool.acquire(login, gone);
    try {
      return await use(session);
    } catch (error) {
      if (!(error instanceof SessionEndedEarlyError) || session.isFresh) throw error;
    }
  }
}
