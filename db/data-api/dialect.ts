import {
  type CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  type QueryResult,
  sql,
  type TableMetadata,
  type TransactionSettings,
} from 'kysely';
import { DataApiDialect } from 'kysely-data-api';

/**
 * kysely-data-api's dialect, patched: see `PatchedDriver`, `LocklessAdapter` and `TableNames`.
 */
export class PatchedDataApiDialect extends DataApiDialect {
  override createAdapter(): PostgresAdapter {
    return new LocklessAdapter();
  }

  override createDriver(): Driver {
    return new PatchedDriver(super.createDriver());
  }

  override createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new TableNames(db);
  }
}

/**
 * Names alone, of what is found without a schema's name: the migrator asks for no more, three times
 * for every migration, and all columns of all tables are an answer of hundreds of rows.
 */
class TableNames extends PostgresIntrospector {
  readonly #db: Kysely<unknown>;

  constructor(db: Kysely<unknown>) {
    super(db);
    this.#db = db;
  }

  override async getTables(): Promise<TableMetadata[]> {
    const { rows } = await sql<{ name: string; schema: string }>`
      SELECT relname::text AS name, relnamespace::regnamespace::text AS schema
      FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)
        AND relnamespace <> 'pg_catalog'::regnamespace`.execute(this.#db);
    return rows.map((row) => ({ ...row, isView: false, columns: [] }));
  }
}

/**
 * Kysely's migrator takes an advisory lock of the session, outside of its transaction. The Data API
 * may run the next call in another session: the lock keeps nobody out, may stay behind in a session
 * that is kept, and is one that every role can take to hold a deploy up. `migrateToLatest` has a
 * lock of its own.
 */
class LocklessAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/**
 * kysely-data-api 2.0.0 sends a finished transaction's id with every later statement of the same
 * connection, as the migrator's, which the Data API refuses (404). And it answers a field that
 * Kysely has given up, of which Kysely would warn in every function's log.
 */
export class PatchedDriver implements Driver {
  readonly #driver: Driver;

  constructor(driver: Driver) {
    this.#driver = driver;
  }

  init = () => this.#driver.init();
  destroy = () => this.#driver.destroy();
  releaseConnection = async () => {};

  async acquireConnection(): Promise<PatchedConnection> {
    return new PatchedConnection(await this.#driver.acquireConnection());
  }

  beginTransaction({ inner }: PatchedConnection, settings: TransactionSettings): Promise<void> {
    return this.#driver.beginTransaction(inner, settings);
  }

  async commitTransaction(connection: PatchedConnection): Promise<void> {
    await this.#driver.commitTransaction(connection.inner);
    connection.inner = await this.#driver.acquireConnection();
  }

  async rollbackTransaction(connection: PatchedConnection): Promise<void> {
    await this.#driver.rollbackTransaction(connection.inner);
    connection.inner = await this.#driver.acquireConnection();
  }
}

export class PatchedConnection implements DatabaseConnection {
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
