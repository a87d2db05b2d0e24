import type { Kysely } from 'kysely';
import type { WriteLimit } from '../data-api/write-limit.ts';
import { onlyRow } from '../only-row.ts';
import type { Database } from '../schema.ts';
import { type BatchOutcome, batchValues } from './batch-parameters.ts';
import type { UploadBatch } from './batches.ts';
import { markWithoutLastItemsStatement, storeMoreItemsStatement } from './item-statements.ts';
import { type OrdersOfOthers, ownedByAnother } from './orders-of-others.ts';
import {
  leavesReceipt,
  namedReceipt,
  type OriginalReceipt,
  type RequestSize,
  type UploadRequest,
} from './receipt.ts';
import { storeBatch } from './store-batch.ts';
import { type UploadOutcome, unchangedOf } from './upload-outcome.ts';

/** Undoes the transaction that an earlier request, or try of this one, has made needless. */
export class AnsweredBeforeError extends Error {
  override readonly name = 'AnsweredBeforeError';
  readonly original: OriginalReceipt;

  constructor(original: OriginalReceipt) {
    super('The upload is stored already.');
    this.original = original;
  }
}

/** One attempt at storing all batches of an upload, in a transaction where there are several. */
export class UploadAttempt {
  readonly #user: string;
  readonly #request: UploadRequest;
  readonly #size: RequestSize;
  readonly #limit: WriteLimit;
  /** What became of each batch. */
  readonly #outcomes = new Map<UploadBatch, BatchOutcome>();

  constructor(user: string, request: UploadRequest, size: RequestSize, limit: WriteLimit) {
    this.#user = user;
    this.#request = request;
    this.#size = size;
    this.#limit = limit;
  }

  /**
   * @throws {AnsweredBeforeError} and stores nothing
   * @throws {OrderOwnedByAnotherSellerError} and stores nothing
   */
  async store(db: Kysely<Database>, batches: readonly UploadBatch[]): Promise<void> {
    // What has a receipt from its first batch on has all its orders locked.
    const hasReceipt = leavesReceipt(this.#request) && batches.length > 1;
    const onlyRead: UploadBatch[] = [];
    for (const [i, batch] of batches.entries()) {
      const locksUnchanged = hasReceipt || this.#hasWritten();
      const taken = await this.#storeBatch(db, batch, locksUnchanged);
      if (taken) throw await ownedByAnother(db, this.#user, taken, batches.slice(i + 1));
      if (!locksUnchanged && !this.#hasWritten()) onlyRead.push(batch);
    }
    // Another upload may have changed since then what this one has only read: it must not be half
    // of what is stored. A batch of what is all the same still writes nothing.
    if (this.#hasWritten()) {
      for (const batch of onlyRead) {
        const taken = await this.#storeBatch(db, batch, true);
        if (taken) throw await ownedByAnother(db, this.#user, taken, []);
      }
    }
  }

  outcome(): UploadOutcome {
    const outcomes = [...this.#outcomes.values()];
    const figures = {
      orders_created: outcomes.reduce((sum, { orders_created }) => sum + orders_created, 0),
      orders_updated: outcomes.reduce((sum, { orders_updated }) => sum + orders_updated, 0),
      orders_stale: outcomes.reduce((sum, { orders_stale }) => sum + orders_stale, 0),
    };
    const { upload_id = null } = outcomes.find(({ upload_id }) => upload_id !== null) ?? {};
    const changed = figures.orders_created + figures.orders_updated;
    return {
      ...figures,
      orders_unchanged: unchangedOf(this.#size.ordersCount, figures),
      stale_order_numbers: outcomes
        .flatMap(({ stale_order_numbers }) => numbersIn(stale_order_numbers))
        .slice(0, 100),
      upload_id: namedReceipt(this.#request, changed, upload_id),
      is_replay: false,
    };
  }

  #hasWritten(): boolean {
    return [...this.#outcomes.values()].some(hasWritten);
  }

  /** @returns what another seller has of the batch, where there is any: nothing is stored then */
  async #storeBatch(
    db: Kysely<Database>,
    batch: UploadBatch,
    locksUnchanged: boolean,
  ): Promise<OrdersOfOthers | undefined> {
    const isLargeOrder = batch.moreItems.length > 0;
    if (isLargeOrder) await markWithoutLastItemsStatement(this.#user, batch).execute(db);
    const { writeBy, heard } = this.#limit;
    const values = batchValues(this.#user, batch, {
      locksUnchanged,
      writeBy,
      request: this.#request,
      size: this.#size,
    });
    const outcome = onlyRow(await storeBatch.execute(db, values));
    heard?.(outcome.database_ms);
    if (outcome.original !== null) throw new AnsweredBeforeError(JSON.parse(outcome.original));
    if (outcome.foreign_count > 0) {
      return { numbers: numbersIn(outcome.foreign_order_numbers), count: outcome.foreign_count };
    }
    this.#outcomes.set(batch, outcome);
    if (!hasWritten(outcome)) return undefined;
    for (const items of batch.moreItems) await storeMoreItemsStatement(items).execute(db);
    return undefined;
  }
}

const hasWritten = ({ orders_created, orders_updated }: BatchOutcome) =>
  orders_created + orders_updated > 0;

const numbersIn = (json: string): string[] => JSON.parse(json);
