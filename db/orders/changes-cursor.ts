/** How far a reader has come in a seller's changes. */
export interface ChangesCursor {
  readonly user: string;
  /** The last change that was given: its transaction, as decimal text, and its order. */
  readonly xid: string;
  readonly orderId: number;
  /**
   * When the reader last had everything, or had begun, by the database's clock in milliseconds
   * since the epoch: deletions that it does not know of are not older.
   */
  readonly completeAtMs: number;
  /** Of the last change that has one. */
  readonly receipt: ReceiptMark | null;
}

/** What tells a receipt from those of any other database, also of an earlier state of this one. */
export interface ReceiptMark {
  readonly id: string;
  readonly xid: string;
  /** Microseconds since the epoch. */
  readonly createdAtUs: number;
}

/** A cursor of what this database does not have: it was restored since, or is another one. */
export class CursorFromAnotherDatabaseError extends Error {
  override readonly name = 'CursorFromAnotherDatabaseError';
}

/** A cursor since which deletions may have been forgotten. */
export class CursorTooOldError extends Error {
  override readonly name = 'CursorTooOldError';
}
