import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { type ChangeKey, changesAfter, microseconds } from './changes-after.ts';
import {
  type ChangesCursor,
  CursorFromAnotherDatabaseError,
  CursorTooOldError,
  type ReceiptMark,
} from './changes-cursor.ts';
import { readLargeOrder } from './large-order.ts';
import { type Chosen, readPortion } from './portion.ts';

export interface ChangesQuery {
  readonly user: string;
  /** @default the page begins with the seller's first change */
  readonly after?: ChangesCursor | undefined;
  /** How many changes at most. */
  readonly limit: number;
}

export interface ChangesPage {
  /** Oldest first; none where there is nothing new. */
  readonly changes: readonly Change[];
  /** After the last of them. */
  readonly next: ChangesCursor;
}

export interface Change extends ChangeKey {
  /** The order as JSON; `null` of a deletion. */
  readonly json: string | null;
}

/** A cursor, or before all changes. */
type Start = Omit<ChangesCursor, 'completeAtMs'> & { readonly completeAtMs: number | null };

const BEGINNING = { xid: '0', orderId: 0, completeAtMs: null, receipt: null };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * A page of what happened to a seller's orders: as many changes as one call of the Data API
 * answers, or one whose order is more than that. `undefined` when there is no such seller.
 *
 * @param keptDays for how long deletions are kept
 * @throws {CursorFromAnotherDatabaseError}
 * @throws {CursorTooOldError}
 */
export async function readChanges(
  db: Kysely<Database>,
  { user, after, limit }: ChangesQuery,
  keptDays: number,
): Promise<ChangesPage | undefined> {
  let from: Start = after ?? { user, ...BEGINNING };
  for (;;) {
    const portion = await readPortion(db, user, changesChosen(from, limit));
    if (!portion) return undefined;
    const { rows, chosenCount, cut, facts } = portion;
    const { now_ms, is_known }: PageFacts = JSON.parse(facts ?? '');
    if (!is_known) throw new CursorFromAnotherDatabaseError('There is no such change here.');
    const wasCompleteAtMs = from.completeAtMs ?? now_ms;
    // Less the time of a transaction that had begun to delete then, and was not over yet.
    if (now_ms - wasCompleteAtMs > keptDays * DAY_MS - HOUR_MS) {
      throw new CursorTooOldError('Deletions since then may be forgotten.');
    }
    const hasAll = rows.length === chosenCount && chosenCount < limit;
    const cursor = { ...from, completeAtMs: hasAll ? now_ms : wasCompleteAtMs };
    if (rows.length > 0 || !cut) {
      const changes = rows.map(({ key, json }): Change => ({ ...JSON.parse(key), json }));
      return { changes, next: cursorAfter(changes, cursor) };
    }
    const large: ChangeKey = JSON.parse(cut.key);
    const next = cursorAfter([large], cursor);
    const json = await readLargeOrder(db, cut.id);
    if (json !== undefined) return { changes: [{ ...large, json }], next };
    from = next; // it was deleted meanwhile, which comes later
  }
}

interface PageFacts {
  /** By the database's clock, in milliseconds since the epoch. */
  readonly now_ms: number;
  /** Whether the cursor is of this database. */
  readonly is_known: boolean;
}

/** What a page is made of. */
export function changesChosen(from: Omit<ChangesCursor, 'completeAtMs'>, limit: number): Chosen {
  return {
    orders: changesAfter(from, limit),
    limit,
    facts: sql<string>`json_build_object(
      'now_ms', floor(extract(epoch FROM now()) * 1000)::bigint,
      'is_known', ${isOfThisDatabase(from)}
    )`,
  };
}

/**
 * Whether the cursor's receipt is there just so. Of changes without a receipt nothing can be told
 * but that there have been such transactions.
 */
function isOfThisDatabase({
  xid,
  receipt,
}: Pick<ChangesCursor, 'xid' | 'receipt'>): RawBuilder<boolean> {
  const hasBeen = sql<boolean>`${xid}::xid8 < pg_snapshot_xmax(pg_current_snapshot())`;
  if (!receipt) return hasBeen;
  return sql<boolean>`${hasBeen} AND EXISTS (
        SELECT FROM uploads AS u
        WHERE u.id = ${receipt.id}::uuid AND u.user_id = seller.id AND u.xid = ${receipt.xid}::xid8
          AND ${microseconds('u.created_at')} = ${receipt.createdAtUs}::bigint
      )`;
}

/** The cursor moved on behind these changes; its receipt is the last that there was. */
function cursorAfter(changes: readonly ChangeKey[], cursor: ChangesCursor): ChangesCursor {
  const last = changes.at(-1);
  if (!last) return cursor;
  const receipt = lastReceipt(changes) ?? cursor.receipt;
  return { ...cursor, xid: last.xid, orderId: last.order_id, receipt };
}

function lastReceipt(changes: readonly ChangeKey[]): ReceiptMark | undefined {
  for (const { upload_id, uploaded_at_us, xid } of changes.toReversed()) {
    if (upload_id !== null && uploaded_at_us !== null) {
      return { id: upload_id, xid, createdAtUs: uploaded_at_us };
    }
  }
  return undefined;
}
