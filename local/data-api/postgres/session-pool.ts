import type { Clock } from '../clock.ts';
import { DataApiError } from '../errors.ts';
import { STATEMENT_MS } from '../limits.ts';
import { type Login, Session } from './session.ts';

interface Waiter {
  readonly login: Login;
  readonly resolve: (session: Session) => void;
  readonly reject: (error: unknown) => void;
  readonly stopTimer: () => void;
}

/**
 * Sessions that are kept open between calls, up to a number of them. Who comes when all are in use
 * waits in line, at most as long as a statement may run. Nothing that one call does to its session
 * reaches the next.
 */
export class SessionPool {
  readonly #maxSessions: number;
  readonly #clock: Clock;
  readonly #idle: Session[] = []; // the last used comes last
  readonly #waiting: Waiter[] = [];
  readonly #open = new Set<Session>();
  #opening = 0;
  #isStopped = false;

  constructor(maxSessions: number, clock: Clock) {
    this.#maxSessions = maxSessions;
    this.#clock = clock;
  }

  /**
   * @throws what PostgreSQL says when it does not let `login` in; a system error when it is not there
   * @throws {DataApiError} DatabaseUnavailableException when no session gets free
   */
  acquire(login: Login): Promise<Session> {
    const idle = this.#takeIdle(login);
    if (idle) return Promise.resolve(idle);
    if (this.#count < this.#maxSessions) return this.#openNew(login);
    const { promise, resolve, reject } = Promise.withResolvers<Session>();
    const stopTimer = this.#clock.after(STATEMENT_MS, () => {
      this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
      reject(new DataApiError('DatabaseUnavailableException'));
    });
    const waiter = { login, resolve, reject, stopTimer };
    this.#waiting.push(waiter);
    this.#serveWaiting();
    return promise;
  }

  /** Takes a session back; the promise settles when the next call can have it. */
  async release(session: Session): Promise<void> {
    if (session.isAlive && !this.#isStopped) await session.reset().catch(() => session.close());
    if (session.isAlive && !this.#isStopped) this.#idle.push(session);
    else this.#forget(session);
    this.#serveWaiting();
  }

  /** Ends every session, in use or not. */
  stop(): void {
    this.#isStopped = true;
    for (const session of this.#open) session.close();
    this.#open.clear();
    this.#idle.length = 0;
  }

  get #count(): number {
    return this.#open.size + this.#opening;
  }

  #takeIdle(login: Login): Session | undefined {
    this.#dropEnded();
    const index = this.#idle.findLastIndex((session) => isSame(session.login, login));
    return index < 0 ? undefined : this.#idle.splice(index, 1)[0];
  }

  async #openNew(login: Login): Promise<Session> {
    this.#opening++;
    try {
      const session = await Session.open(login);
      this.#open.add(session);
      if (this.#isStopped) session.close();
      return session;
    } finally {
      this.#opening--;
      // Failed, it leaves a place that somebody may be waiting for.
      queueMicrotask(() => this.#serveWaiting());
    }
  }

  #serveWaiting(): void {
    while (this.#waiting.length > 0) {
      const { login, resolve, reject, stopTimer } = this.#waiting[0] as Waiter;
      const idle = this.#takeIdle(login);
      if (!idle && this.#count >= this.#maxSessions && !this.#closeOldestIdle()) return;
      this.#waiting.shift();
      stopTimer();
      if (idle) resolve(idle);
      else this.#openNew(login).then(resolve, reject);
    }
  }

  /** Makes room for a session of another login. */
  #closeOldestIdle(): boolean {
    const oldest = this.#idle.shift();
    if (!oldest) return false;
    oldest.close();
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
