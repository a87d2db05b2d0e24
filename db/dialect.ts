import type {
  CompiledQuery,
  DatabaseConnection,
  Driver,
  QueryResult,
  TransactionSettings,
} from 'kysely';
import { DataApiDialect } from 'kysely-data-api';

/** kysely-data-api's dialect, mended in two places; see `MendedDriver`. */
export class MendedDataApiDialect extends DataApiDialect {
  override createDriver(): Driver {
    return new MendedDriver(super.createDriver());
  }
}

/**
 * kysely-data-api 2.0.0 sends a finished transaction's id with every later statement of the same
 * connection, as the migrator's, which the Data API refuses (404). And it answers a field that Kysely
 * has given up, of which Kysely would warn in every function's log.
 */
class MendedDriver implements Driver {
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  init = () => this.#driver.init();
  destroy = () => this.#driver.destroy();
  releaseConnection = async () => {};

  async acquireConnection(): Promise<MendedConnection> {
    return new MendedConnection(await this.#driver.acquireConnection());
  }

  beginTransaction({ inner }: MendedConnection, settings: TransactionSettings): Promise<void> {
    return this.#driver.beginTransaction(inner, settings);
  }

  async commitTransaction(connection: MendedConnection): Promise<void> {
    await this.#driver.commitTransaction(connection.inner);
    connection.inner = await this.#driver.acquireConnection();
  }

  async rollbackTransaction(connection: MendedConnection): Promise<void> {
    await this.#driver.rollbackTransaction(connection.inner);
    connection.inner = await this.#driver.acquireConnection();
  }
}

class MendedConnection implements DatabaseConnection {
  inner: DatabaseConnection;

  constructor(inner: DatabaseConnection) {
    this.inner = inner;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const answer: QueryResult<R> & { numUpdatedOrDeletedRows?: bigint } =
      await this.inner.executeQuery<R>(query);
    const { numUpdatedOrDeletedRows: _, ...result } = answer;
    return result;
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.inner.streamQuery<R>(query, chunkSize);
  }
}
