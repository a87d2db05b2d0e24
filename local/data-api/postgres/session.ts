import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import type pg from 'pg';
import { createClient } from '../../postgres/client.ts';
import { isFatal, SessionEndedEarlyError } from '../errors.ts';
import type { BoundSql } from '../request/parameters.ts';
import { type Room, Statement, type StatementResult } from './statement.ts';

/** As whom, where and with what a session is opened. */
export interface Login {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly username: string;
  readonly password: string;
}

/** One session of PostgreSQL, that is one server process. It runs one statement at a time. */
export class Session {
  readonly login: Login;
  readonly #client: PgClient;
  readonly #events = new EventEmitter();
  #isAlive = true;
  #closed: Promise<void> | undefined;
  #running: Statement | undefined;
  #isPrepared = false;
  #mayLock = false;
  #isFresh = true;

  /**
   * @param signal for how long to try: a server that is stopped takes connections and says nothing
   * @throws {pg.DatabaseError} when PostgreSQL refuses; a system error when it cannot be reached;
   * the signal's reason
   */
  static async open(login: Login, signal?: AbortSignal): Promise<Session> {
    signal?.throwIfAborted();
    const { username: user, ...rest } = login;
    const client = createClient({ ...rest, user, application_name: 'data-api' }) as PgClient;
    const session = new Session(login, client);
    const giveUp = () => client.connection.stream.destroy();
    signal?.addEventListener('abort', giveUp);
    try {
      await client.connect();
      return session;
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    } finally {
      signal?.removeEventListener('abort', giveUp);
    }
  }

  private constructor(login: Login, client: PgClient) {
    this.login = login;
    this.#client = client;
    client.on('error', () => this.#end());
    client.on('end', () => this.#end());
    client.connection.on('parseComplete', () => {
      this.#isPrepared = true;
    });
    client.connection.on('copyOutResponse', () => this.#running?.handleCopyOutResponse());
    client.connection.on('readyForQuery', () => this.#events.emit('ready'));
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Nobody has used it before. */
  get isFresh(): boolean {
    return this.#isFresh;
  }

  /** The server process's id. */
  get pid(): number {
    return this.#client.processID;
  }

  get isInTransaction(): boolean {
    return this.#client.getTransactionStatus() !== 'I';
  }

  get isAborted(): boolean {
    return this.#client.getTransactionStatus() === 'E';
  }

  /**
   * Settles when the session can take the next statement, or has ended.
   *
   * @param room what is kept of the rows; none when they do not matter
   * @throws {SessionEndedEarlyError} when the statement certainly did not run
   * @throws {DataApiError} DatabaseErrorException for a COPY from or to the client
   */
  async run(sql: BoundSql, room: Room = NO_ROOM): Promise<StatementResult> {
    if (!this.#isAlive) throw new SessionEndedEarlyError('The session has ended.');
    const ready = once(this.#events, 'ready');
    this.#isPrepared = false;
    const statement = new Statement(sql, room);
    this.#running = statement;
    this.#client.query(statement);
    try {
      return await statement.result;
    } catch (error) {
      await ready;
      if (!this.#isPrepared && isFatal(error))
        throw new SessionEndedEarlyError('The session ended.', { cause: error });
      throw error;
    } finally {
      this.#running = undefined;
    }
  }

  /** Runs SQL of the stand-in's own; rows as `pg` reads them. */
  async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
    return (await this.#client.query<Row>(text, values)).rows;
  }

  /**
   * Makes the session as it was when it was opened. It keeps plans, of which nobody sees anything:
   * a login that may take advisory locks loses them, since only `DISCARD ALL` ends locks for sure.
   */
  async reset(): Promise<void> {
    this.#isFresh = false;
    if (this.isInTransaction) await this.query('ROLLBACK');
    if (!this.#mayLock) this.#mayLock = await this.#resetAllButPlansAndLocks();
    if (this.#mayLock) await this.query('DISCARD ALL');
  }

  /** @returns whether the login may end its advisory locks, and so have some */
  async #resetAllButPlansAndLocks(): Promise<boolean> {
    const answered: unknown = await this.#client.query(`
      CLOSE ALL; SET SESSION AUTHORIZATION DEFAULT; RESET ALL; DEALLOCATE ALL; UNLISTEN *;
      DISCARD TEMP; DISCARD SEQUENCES;
      SELECT has_function_privilege('pg_advisory_unlock_all()', 'EXECUTE') AS may_lock`);
    const last = (answered as pg.QueryResult<{ may_lock: boolean }>[]).at(-1);
    return last?.rows[0]?.may_lock ?? true;
  }

  /**
   * Asks PostgreSQL to cancel what runs, as `psql` does on Ctrl-C; the statement then fails with
   * 57014. Settles when the request has been passed on, and what runs later is not hit by it; or
   * when the session has ended.
   */
  cancel(): Promise<void> {
    const CANCEL_REQUEST = 80877102; // https://www.postgresql.org/docs/18/protocol-message-formats.html
    const message = Buffer.alloc(16);
    [16, CANCEL_REQUEST, this.#client.processID, this.#client.secretKey].forEach((part, index) => {
      message.writeInt32BE(part, index * 4);
    });
    const socket = connect(this.login.port, this.login.host, () => socket.end(message));
    socket.on('error', () => {}); // a server that is gone has nothing left to cancel
    socket.resume(); // nothing comes but the end
    const stop = () => socket.destroy();
    this.#events.once('end', stop);
    return new Promise((resolve) =>
      socket.once('close', () => {
        this.#events.off('end', stop);
        resolve();
      }),
    );
  }

  /**
   * Ends the session, whatever it runs. PostgreSQL rolls back what was not committed.
   * Settles when it has let go of its locks, or after some seconds.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    const isBusy = this.#isAlive && !this.#client.readyForQuery;
    this.#end();
    this.#client.connection.stream.destroy();
    if (isBusy) await this.#terminate();
  }

  /**
   * A server process runs a statement to its end when its client has merely gone,
   * and may be deaf to a cancel: `EXCEPTION WHEN query_canceled`. It is ended from another session.
   */
  async #terminate(): Promise<void> {
    const { username: user, ...rest } = this.login;
    const messenger = createClient({ ...rest, user, connectionTimeoutMillis: TERMINATE_MS });
    messenger.on('error', () => {});
    try {
      await messenger.connect();
      await messenger.query('SELECT pg_catalog.pg_terminate_backend($1, $2)', [
        this.pid,
        TERMINATE_MS,
      ]);
    } catch {
      // A server that lets nobody in ends its sessions itself, or nobody can.
    } finally {
      await messenger.end().catch(() => {});
    }
  }

  #end(): void {
    this.#isAlive = false;
    this.#events.emit('ready');
    this.#events.emit('end');
  }
}

/** For a server process to end, which takes milliseconds. */
const TERMINATE_MS = 3_000;

const NO_ROOM: Room = { bytes: 0, rowBytes: 1, columnBytes: 0, charactersPerByte: 1 };

/** `pg`'s client with what its types leave out. */
interface PgClient extends pg.Client {
  /** It runs nothing. */
  readonly readyForQuery: boolean;
  readonly processID: number;
  readonly secretKey: number;
}
