import type { Clock } from '../../aws/clock.ts';
import { DataApiError } from '../errors.ts';
import { RESET_MS, STATEMENT_MS } from '../limits.ts';
import { type Login, Session } from '../postgres/session.ts';

interface Waiter {
  readonly login: Login;
  readonly signal: AbortSignal;
  readonly resolve: (session: Session) => void;
  readonly reject: (error: unknown) => void;
  readonly stopWaiting: () => void;
}

/**
 * Sessions that are kept open between calls, up to a number of them. Who comes when all are in use
 * waits in line. To get one takes at most as long as a statement may run. Nothing that one call
 * does to its session reaches the next.
 */
export class SessionPool {
  readonly #maxSessions: number;
  readonly #clock: Clock;
  readonly #idle: Session[] = []; // the last used comes last
  readonly #waiting = new Set<Waiter>();
  readonly #open = new Set<Session>();
  #opening = 0;
  #isStopped = false;

  constructor(maxSessions: number, clock: Clock) {
    this.#maxSessions = maxSessions;
    this.#clock = clock;
  }

  /**
   * @param gone aborts when nobody waits for the session any more
   * @throws what PostgreSQL says when it does not let `login` in;
   * a system error when it is not there
   * @throws {DataApiError} DatabaseUnavailableException when no session gets free or opens in time
   */
  async acquire(login: Login, gone: AbortSignal): Promise<Session> {
    const idle = this.#takeIdle(login);
    if (idle) return idle;
    const time = new AbortController();
    const stopTimer = this.#clock.after(STATEMENT_MS, () =>
      time.abort(new DataApiError('DatabaseUnavailableException')),
    );
    const signal = AbortSignal.any([gone, time.signal]);
    try {
      if (this.#count < this.#maxSessions) return await this.#openNew(login, signal);
      return await this.#wait(login, signal);
    } finally {
      stopTimer();
    }
  }

  /**
   * Takes a session back. Until that has settled, others may see what the session did outside of
   * transactions, such as an advisory lock: a call is answered only then.
   */
  async release(session: Session): Promise<void> {
    if (session.isAlive && !this.#isStopped) await this.#reset(session);
    if (session.isAlive && !this.#isStopped) this.#idle.push(session);
    else this.#forget(session);
    this.#serveWaiting();
  }

  /** Ends every session, in use or not. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    const closed = [...this.#open].map((session) => session.close());
    this.#open.clear();
    this.#idle.length = 0;
    await Promise.all(closed);
  }

  get #count(): number {
    return this.#open.size + this.#opening;
  }

  async #reset(session: Session): Promise<void> {
    const stopTimer = this.#clock.after(RESET_MS, () => void session.close());
    await session.reset().catch(() => session.close());
    stopTimer();
  }

  #takeIdle(login: Login): Session | undefined {
    this.#dropEnded();
    const index = this.#idle.findLastIndex((session) => isSame(session.login, login));
    return index < 0 ? undefined : this.#idle.splice(index, 1)[0];
  }

  /** Takes a place in the line until there is a session, or `signal` aborts. */
  #wait(login: Login, signal: AbortSignal): Promise<Session> {
    const { promise, resolve, reject } = Promise.withResolvers<Session>();
    const leave = () => {
      this.#waiting.delete(waiter);
      reject(signal.reason);
    };
    const stopWaiting = () => signal.removeEventListener('abort', leave);
    const waiter = { login, signal, resolve, reject, stopWaiting };
    signal.addEventListener('abort', leave);
    this.#waiting.add(waiter);
    this.#serveWaiting();
    return promise;
  }

  async #openNew(login: Login, signal: AbortSignal): Promise<Session> {
    this.#opening++;
    try {
      const session = await Session.open(login, signal);
      this.#open.add(session);
      if (this.#isStopped) await session.close();
      return session;
    } finally {
      this.#opening--;
      // Failed, it leaves a place that somebody may be waiting for.
      queueMicrotask(() => this.#serveWaiting());
    }
  }

  #serveWaiting(): void {
    for (const waiter of this.#waiting) {
      const { login, signal, resolve, reject, stopWaiting } = waiter;
      const idle = this.#takeIdle(login);
      if (!idle && this.#count >= this.#maxSessions && !this.#closeOldestIdle()) return;
      this.#waiting.delete(waiter);
      stopWaiting();
      if (idle) resolve(idle);
      else this.#openNew(login, signal).then(resolve, reject);
    }
  }

  /** Makes room for a session of another login. */
  #closeOldestIdle(): boolean {
    const oldest = this.#idle.shift();
    if (!oldest) return false;
    void oldest.close();
    this.#forget(oldest);
    return true;
  }

  #dropEnded(): void {
    for (const session of this.#idle.filter(({ isAlive }) => !isAlive)) {
      this.#idle.splice(this.#idle.indexOf(session), 1);
      this.#forget(session);
    }
  }

  #forget(session: Session): void {
    this.#open.delete(session);
  }
}

function isSame(one: Login, other: Login): boolean {
  return (
    one.username === other.username &&
    one.database === other.database &&
    one.password === other.password
  );
}
