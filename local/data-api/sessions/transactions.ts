import { randomBytes } from 'node:crypto';
import type { Clock } from '../../aws/clock.ts';
import { DataApiError, postgresError } from '../errors.ts';
import { TRANSACTION_AGE_MS, TRANSACTION_IDLE_MS } from '../limits.ts';
import type { Session } from '../postgres/session.ts';
import { type Running, start } from './running.ts';
import type { SessionPool } from './session-pool.ts';

const ID_BYTES = 96; // 128 characters
const REMEMBERED_ENDS = 10_000;

// Why there is no such transaction, in AWS's words. The first is also said of one that nobody
// began, or too long ago to know.
// https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.troubleshooting.html
const EXPIRED = 'Transaction may be expired.';
const FINISHED = 'One previous call resulted in a termination of your transaction.';
const LOST = 'Transaction has been aborted due to an error from a previous call.';

type Cause = typeof EXPIRED | typeof FINISHED | typeof LOST;

/** Who asks for a transaction; a database may be named and must then be the transaction's. */
interface Caller {
  readonly username: string;
  readonly database?: string | undefined;
}

interface Transaction {
  readonly id: string;
  readonly session: Session;
  isBusy: boolean;
  stopIdleTimer: () => void;
  stopAgeTimer: () => void;
}

/** Open transactions, each with a session of its own, until they end or the time is over. */
export class Transactions {
  readonly #open = new Map<string, Transaction>();
  /** Why transactions ended that their clients may still ask for; the oldest are forgotten. */
  readonly #ended = new Map<string, Cause>();
  readonly #pool: SessionPool;
  readonly #clock: Clock;

  constructor(pool: SessionPool, clock: Clock) {
    this.#pool = pool;
    this.#clock = clock;
  }

  get count(): number {
    return this.#open.size;
  }

  /** @param session in which BEGIN has run; it is given back when the transaction ends */
  add(session: Session): string {
    const id = randomBytes(ID_BYTES).toString('base64');
    const expire = () => this.#expire(transaction);
    const transaction: Transaction = {
      id,
      session,
      isBusy: false,
      stopIdleTimer: this.#clock.after(TRANSACTION_IDLE_MS, expire),
      stopAgeTimer: this.#clock.after(TRANSACTION_AGE_MS, expire),
    };
    this.#open.set(id, transaction);
    return id;
  }

  /**
   * Runs one call in a transaction.
   *
   * @throws {DataApiError} TransactionNotFoundException;
   * DatabaseErrorException while another call runs
   */
  use<T>(id: string, caller: Caller, work: (session: Session) => Running<T>): Promise<T> {
    const transaction = this.#get(id, caller);
    transaction.isBusy = true;
    transaction.stopIdleTimer();
    const { done, tooLong } = work(transaction.session);
    // The next call may follow at once: the answer comes when the transaction is ready for it.
    return Promise.race([done.finally(() => this.#rest(transaction)), tooLong]);
  }

  /**
   * @throws {DataApiError} as `use`; 25P02 when a statement had failed: nothing was committed then
   */
  async commit(id: string, caller: Caller): Promise<void> {
    const transaction = this.#get(id, caller);
    const wasAborted = transaction.session.isAborted;
    await this.#finish(transaction, wasAborted ? 'ROLLBACK' : 'COMMIT');
    if (wasAborted) throw commitOfAborted();
  }

  /** @throws {DataApiError} as `use` */
  async rollback(id: string, caller: Caller): Promise<void> {
    await this.#finish(this.#get(id, caller), 'ROLLBACK');
  }

  #get(id: string, caller: Caller): Transaction {
    const transaction = this.#open.get(id);
    if (!transaction) throw notFound(id, this.#ended.get(id));
    const { session } = transaction;
    if (session.login.username !== caller.username) throw notFound(id);
    if (caller.database !== undefined && caller.database !== session.login.database)
      throw new DataApiError('ValidationException', 'The database is not that of the transaction.');
    if (transaction.isBusy)
      throw new DataApiError('DatabaseErrorException', 'Transaction is still running a query');
    if (!session.isAlive) {
      void this.#end(transaction, LOST);
      throw notFound(id, LOST);
    }
    return transaction;
  }

  /** Settles when the transaction is ready for the next call, or has ended. */
  async #rest(transaction: Transaction): Promise<void> {
    transaction.isBusy = false;
    if (!this.#open.has(transaction.id)) await this.#pool.release(transaction.session);
    else if (!transaction.session.isAlive) await this.#end(transaction, LOST);
    else
      transaction.stopIdleTimer = this.#clock.after(TRANSACTION_IDLE_MS, () =>
        this.#expire(transaction),
      );
  }

  async #finish(transaction: Transaction, command: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    transaction.isBusy = true;
    transaction.stopIdleTimer();
    const { done } = start(
      transaction.session,
      { clock: this.#clock },
      (session) => session.run({ text: command, values: [] }), // a deferred trigger may take long
    );
    try {
      await done;
    } finally {
      transaction.isBusy = false;
      await this.#end(transaction, FINISHED);
    }
  }

  #expire(transaction: Transaction): void {
    // A statement that still runs is not waited for: without its session it is rolled back.
    if (transaction.isBusy) void transaction.session.close();
    void this.#end(transaction, EXPIRED);
  }

  /** Settles when what the session did can no longer be seen. */
  async #end(transaction: Transaction, cause: Cause): Promise<void> {
    transaction.stopIdleTimer();
    transaction.stopAgeTimer();
    if (!this.#open.delete(transaction.id)) return;
    this.#ended.set(transaction.id, cause);
    if (this.#ended.size > REMEMBERED_ENDS)
      this.#ended.delete(this.#ended.keys().next().value as string);
    // Rolls back what is open.
    if (!transaction.isBusy) await this.#pool.release(transaction.session);
  }
}

function notFound(id: string, cause: Cause = EXPIRED): DataApiError {
  return new DataApiError(
    'TransactionNotFoundException',
    `Transaction ${id} is not found. ${cause}`,
  );
}

// PostgreSQL answers COMMIT with ROLLBACK and no error, which a client would take for success.
const commitOfAborted = () =>
  postgresError(
    'current transaction is aborted, commands ignored until end of transaction block',
    '25P02',
  );
