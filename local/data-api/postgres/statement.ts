import { randomUUID } from 'node:crypto';
import type { Connection, DatabaseError, FieldDef, Submittable } from 'pg';
import { DataApiError } from '../errors.ts';
import type { BoundSql } from '../request/parameters.ts';

/** How much of a result is kept. What no answer could hold is let go while it comes. */
export interface Room {
  readonly bytes: number;
  /** What every row takes of it, also an empty one. */
  readonly rowBytes: number;
  /** What every column of a row takes, also a null. */
  readonly columnBytes: number;
  /** How many characters of a value's text take a byte. */
  readonly charactersPerByte: number;
}

export type RawRow = readonly (string | null)[];

/** What PostgreSQL answered, values in its text format. */
export interface StatementResult {
  /**
   * Absent when the statement returns no rows by its nature; present and empty when there are none.
   */
  readonly columns?: readonly FieldDef[];
  readonly rows: readonly RawRow[];
  /** The rest of the rows was too much to keep. */
  readonly isTruncated: boolean;
  /** The command tag, such as `INSERT 0 2`; empty for an empty statement. */
  readonly tag: string;
}

/**
 * One statement through the extended protocol, unnamed, with declared parameter types. It goes to
 * `pg` as a query of its own kind: `pg`'s declares no types and hides whether rows were described.
 */
export class Statement implements Submittable {
  readonly #sql: BoundSql;
  readonly #room: Room;
  readonly #rows: RawRow[] = [];
  #columns?: readonly FieldDef[];
  #tookBytes = 0;
  #tag = '';
  /** COPY wants another protocol than there is: the message that the server sent. */
  #copyResponse?: 'CopyInResponse' | 'CopyOutResponse';
  /** Says that it was we who ended a COPY, in words that no statement can know. */
  readonly #copyFailure: string = randomUUID();
  #settled = Promise.withResolvers<StatementResult>();

  constructor(sql: BoundSql, room: Room) {
    this.#sql = sql;
    this.#room = room;
  }

  /** Rejects with PostgreSQL's error, with the connection's, or with the refusal of a COPY. */
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
    const { bytes, rowBytes, columnBytes, charactersPerByte } = this.#room;
    this.#tookBytes += rowBytes + columnBytes * fields.length;
    for (const value of fields) this.#tookBytes += (value?.length ?? 0) / charactersPerByte;
    if (this.#tookBytes <= bytes) this.#rows.push(fields);
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#tag = text;
  }

  handleCopyInResponse(connection: Connection): void {
    this.#copyResponse = 'CopyInResponse';
    (connection as unknown as ExtendedProtocol).sendCopyFail(this.#copyFailure);
  }

  /** Not by `pg`, which leaves this message out. The rows are let go. */
  handleCopyOutResponse(): void {
    this.#copyResponse = 'CopyOutResponse';
  }

  handleCopyData(): void {}

  handleEmptyQuery(): void {}

  handlePortalSuspended(): void {}

  handleError(error: DatabaseError | Error, connection: Connection): void {
    // Only what waited for rows has swallowed the Sync that was sent behind it:
    // PostgreSQL wants another.
    const isCopyEnded = error.message.includes(this.#copyFailure);
    if (isCopyEnded) (connection as unknown as ExtendedProtocol).sync();
    this.#settled.reject(isCopyEnded ? refusedCopy(this.#copyResponse) : error);
  }

  handleReadyForQuery(): void {
    if (this.#copyResponse) this.#settled.reject(refusedCopy(this.#copyResponse));
    this.#settled.resolve({
      ...(this.#columns && { columns: this.#columns }),
      rows: this.#rows,
      isTruncated: this.#tookBytes > this.#room.bytes,
      tag: this.#tag,
    });
  }
}

const refusedCopy = (message: string | undefined) =>
  new DataApiError('DatabaseErrorException', `execute: unexpected message: ${message}`);

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
