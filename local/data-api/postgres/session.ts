import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import pg from 'pg';
import { SessionEndedEarlyError } from '../errors.ts';
import type { BoundSql } from '../parameters.ts';
import { Statement, type StatementResult } from './statement.ts';

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
  #isRunning = false;
  #isPrepared = false;
  #isFresh = true;

  /** @throws {pg.DatabaseError} when PostgreSQL refuses; a system error when it cannot be reached */
  static async open(login: Login): Promise<Session> {
    const { username: user, ...rest } = login;
    const client = new pg.Client({ ...rest, user, application_name: 'data-api' });
    const session = new Session(login, client as unknown as PgClient);
    await client.connect();
    return session;
  }

  private constructor(login: Login, client: PgClient) {
    this.login = login;
    this.#client = client;
    client.on('error', () => this.#end());
    client.on('end', () => this.#end());
    client.connection.on('parseComplete', () => {
      this.#isPrepared = true;
    });
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
   * @throws {SessionEndedEarlyError} when the statement certainly did not run
   */
  async run(sql: BoundSql): Promise<StatementResult> {
    if (!this.#isAlive) throw new SessionEndedEarlyError('The session has ended.');
    const ready = once(this.#events, 'ready');
    this.#isPrepared = false;
    this.#isRunning = true;
    const statement = new Statement(sql);
    this.#client.query(statement);
    try {
      return await statement.result;
    } catch (error) {
      await ready;
      if (!this.#isPrepared && isEnding(error))
        throw new SessionEndedEarlyError('The session ended.', { cause: error });
      throw error;
    } finally {
      this.#isRunning = false;
    }
  }

  /** Runs SQL of the stand-in's own; rows as `pg` reads them. */
  async query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]> {
    return (await this.#client.query<Row>(text, values)).rows;
  }

  /** Makes the session as it was when it was opened. */
  async reset(): Promise<void> {
    this.#isFresh = false;
    if (this.isInTransaction) await this.query('ROLLBACK');
    await this.query('DISCARD ALL');
  }

  /**
   * Asks PostgreSQL to cancel what runs, as `psql` does on Ctrl-C; the statement then fails with 57014.
   * Settles when the request has been passed on: what runs later is not hit by it.
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
    return new Promise((resolve) => socket.once('close', () => resolve()));
  }

  /** Ends the session, also while it runs a statement. PostgreSQL rolls back what was not committed. */
  close(): void {
    if (this.#isRunning) void this.cancel(); // the server would run it to its end, and keep its locks
    this.#end();
    this.#client.connection.stream.destroy();
  }

  #end(): void {
    this.#isAlive = false;
    this.#events.emit('ready');
  }
}

// What the server sends when it ends a session by itself: admin_shutdown, crash_shutdown.
const ENDING = ['57P01', '57P02'];

function isEnding(error: unknown): boolean {
  return error instanceof pg.DatabaseError && ENDING.includes(error.code ?? '');
}

/** `pg`'s client with what its types leave out. */
interface PgClient extends pg.Client {
  readonly processID: number;
  readonly secretKey: number;
}
