import type { Connection, DatabaseError, FieldDef, Submittable } from 'pg';
import type { BoundSql } from '../parameters.ts';

/** More text than any answer could hold, also where it gets shorter on the way, as bytea does. */
const KEPT_BYTES = 24 * 1024 * 1024;

export type RawRow = readonly (string | null)[];

/** What PostgreSQL answered, values in its text format. */
export interface StatementResult {
  /** Absent when the statement returns no rows by its nature; present and empty when there are none. */
  readonly columns?: readonly FieldDef[];
  readonly rows: readonly RawRow[];
  /** The rest of the rows was too much to keep. */
  readonly isTruncated: boolean;
  /** The command tag, such as `INSERT 0 2`; empty for an empty statement. */
  readonly tag: string;
  /** COPY wants another protocol than there is: the message that the server sent. */
  readonly copyResponse?: 'CopyInResponse' | 'CopyOutResponse';
}

/**
 * One statement through the extended protocol, unnamed, with declared parameter types. It goes to
 * `pg` as a query of its own kind: `pg`'s declares no types and hides whether rows were described.
 */
export class Statement implements Submittable {
  readonly #sql: BoundSql;
  readonly #rows: RawRow[] = [];
  #columns?: readonly FieldDef[];
  #keptBytes = 0;
  #tag = '';
  #copyResponse?: StatementResult['copyResponse'];
  #settled = Promise.withResolvers<StatementResult>();

  constructor(sql: BoundSql) {
    this.#sql = sql;
  }

  /** Rejects with PostgreSQL's error, or with the connection's. */
  get result(): Promise<StatementResult> {
    return this.#settled.promise;
  }

  submit(connection: Connection): void {
    const wire = connection as unknown as ExtendedProtocol;
    wire.stream.cork();
    wire.parse({ text: this.#sql.text, types: this.#sql.values.map(({ typeOid }) => typeOid) });
    wire.bind({ values: this.#sql.values.map(({ value }) => value) });
    wire.describe({ type: 'P' });
    wire.execute();
    wire.sync();
    wire.stream.uncork();
  }

  handleRowDescription({ fields }: { fields: readonly FieldDef[] }): void {
    this.#columns = fields;
  }

  handleDataRow({ fields }: { fields: RawRow }): void {
    for (const value of fields) this.#keptBytes += value?.length ?? 0;
    if (this.#keptBytes <= KEPT_BYTES) this.#rows.push(fields);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#tag = text;
  }

  handleCopyInResponse(connection: Connection): void {
    this.#copyResponse = 'CopyInResponse';
    (connection as unknown as ExtendedProtocol).sendCopyFail('not supported');
  }

  handleCopyData(): void {
    this.#copyResponse = 'CopyOutResponse';
  }

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleError(error: DatabaseError | Error): void {
    if (this.#copyResponse) this.handleReadyForQuery();
    else this.#settled.reject(error);
  }

  handleReadyForQuery(): void {
    this.#settled.resolve({
      ...(this.#columns && { columns: this.#columns }),
      rows: this.#rows,
      isTruncated: this.#keptBytes > KEPT_BYTES,
      tag: this.#tag,
      ...(this.#copyResponse && { copyResponse: this.#copyResponse }),
    });
  }
}

/** What `pg`'s connection does and its types leave out. */
interface ExtendedProtocol {
  readonly stream: { cork(): void; uncork(): void };
  parse(message: { text: string; types: readonly number[] }): void;
  bind(message: { values: readonly (string | Buffer | null)[] }): void;
  describe(message: { type: 'P' }): void;
  execute(): void;
  sync(): void;
  sendCopyFail(reason: string): void;
}
