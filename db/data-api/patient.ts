import { setTimeout as delay } from 'node:timers/promises';
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
} from 'kysely';
import type { Database } from '../schema.ts';
import { DataApiClient } from './client.ts';
import type { DatabaseAddress } from './connect.ts';
import { PatchedConnection, PatchedDataApiDialect, PatchedDriver } from './dialect.ts';
import { sqlStateOf, transientReason } from './errors.ts';

/** How long to wait between two looks at what runs on. */
export const LOOK_EVERY_MS = 2_000;

/** Waits between two looks; in tests nobody waits. */
export type Wait = (delayMs: number) => Promise<unknown>;

export interface Patience {
  /** @default one of its own */
  readonly client?: DataApiClient;
  /** @default real waiting */
  readonly wait?: Wait;
}

/** A statement that took longer than 45 s has failed, and nobody can be told why. */
export class FailedUnheardError extends Error {
  override readonly name = 'FailedUnheardError';
  /** How the statement begins. */
  readonly statement: string;

  constructor(statement: string, cause?: unknown) {
    const beginning = statement.trim().slice(0, 80);
    super(
      `A statement failed after it had outlived the Data API's 45 s, and only PostgreSQL's log says why: ${beginning}`,
      { cause },
    );
    this.statement = beginning;
  }
}

/** A statement has come to its end; what it answered, the Data API has told nobody. */
export class AnswerLostError extends Error {
  override readonly name = 'AnswerLostError';

  constructor() {
    super('The statement outlived the Data API’s 45 s: its rows are lost.');
  }
}

/** Whether the Data API has given up waiting for a statement. */
export function isStatementTimeout(error: unknown): boolean {
  return error instanceof Error && error.name === 'StatementTimeoutException';
}

/**
 * Kysely over the Data API for statements without a limit of time. The Data API waits 45 s for one;
 * asked to, it then lets it run on (`continueAfterTimeout`). In a transaction the end is waited
 * for here; outside of one there is nothing to ask, and the timeout is thrown.
 *
 * @see https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_ExecuteStatement.html
 */
export function connectPatiently(
  address: DatabaseAddress,
  { client = new DataApiClient(), wait = delay }: Patience = {},
): Kysely<Database> {
  continueAfterTimeout(client);
  const config = { mode: 'postgres', driver: { ...address, client } } as const;
  return new Kysely<Database>({ dialect: new PatientDialect(config, wait) });
}

function continueAfterTimeout(client: DataApiClient): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      (args) =>
        commandName === 'ExecuteStatementCommand'
          ? next({ ...args, input: { ...args.input, continueAfterTimeout: true } })
          : next(args),
    { step: 'initialize', name: 'continueAfterTimeout' },
  );
}

class PatientDialect extends PatchedDataApiDialect {
  readonly #wait: Wait;

  constructor(config: ConstructorParameters<typeof PatchedDataApiDialect>[0], wait: Wait) {
    super(config);
    this.#wait = wait;
  }

  override createDriver(): Driver {
    return new PatientDriver(super.createDriver(), this.#wait);
  }
}

class PatientDriver extends PatchedDriver {
  readonly #wait: Wait;

  constructor(driver: Driver, wait: Wait) {
    super(driver);
    this.#wait = wait;
  }

  override async acquireConnection(): Promise<PatientConnection> {
    const { inner } = await super.acquireConnection();
    return new PatientConnection(inner, this.#wait);
  }
}

class PatientConnection extends PatchedConnection {
  readonly #wait: Wait;

  constructor(inner: DatabaseConnection, wait: Wait) {
    super(inner);
    this.#wait = wait;
  }

  override async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    try {
      return await super.executeQuery<R>(query);
    } catch (error) {
      // One that was never seen to run may not have begun: its whole transaction is done again.
      if (!isStatementTimeout(error) || !(await this.#isRunning(query))) throw error;
      do await this.#wait(LOOK_EVERY_MS);
      while (await this.#isRunning(query));
      return {
        get rows(): R[] {
          throw new AnswerLostError();
        },
      };
    }
  }

  /**
   * A transaction refuses a second statement while one runs; and all of them when that has failed.
   *
   * @throws {FailedUnheardError} when it has failed
   */
  async #isRunning({ sql }: CompiledQuery): Promise<boolean> {
    try {
      await super.executeQuery(CompiledQuery.raw('SELECT 1'));
      return false;
    } catch (error) {
      if (error instanceof Error && STILL_RUNNING.test(error.message)) return true;
      if (error instanceof Error && sqlStateOf(error) === '25P02')
        throw new FailedUnheardError(sql, error);
      if (GOES_BY.has(transientReason(error) ?? '')) return true;
      throw error;
    }
  }
}

const STILL_RUNNING = /still running a query/;

/** Of a look that failed: the next one tells. */
const GOES_BY: ReadonlySet<string> = new Set(['connection', 'throttled', 'unavailable']);
