import { type Kysely, sql } from 'kysely';
import { auditLines, type Doer } from '../audit/audit-lines.ts';
import { inTime, type WriteLimit } from '../data-api/write-limit.ts';
import { onlyRow } from '../only-row.ts';
import type { Database } from '../schema.ts';
import { eraseSellerRow } from './erase-last.ts';
import { eraseOrdersStatement, type OrdersPortion } from './erase-orders.ts';
import { eraseRowsStatement, type SellerRows } from './erase-rows.ts';

/** What was deleted of a seller; less than that where an answer of the database was lost. */
export interface ErasedCounts {
  keys_revoked: number;
  orders_deleted: number;
  items_deleted: number;
  versions_deleted: number;
  receipts_deleted: number;
  keys_deleted: number;
}

/** How far erasing a seller has come. */
export interface Erasure {
  /** Whether nothing is left of the seller. */
  readonly done: boolean;
  /** Whether there may be orders. */
  readonly orders_left: boolean;
  /** In how many seconds the rest can be done, where nothing but waiting is left. */
  readonly wait_s?: number;
}

export interface EraseOptions {
  /** Who erases. */
  readonly by: Doer;
  /** To which each step adds what it has deleted. */
  readonly counts: ErasedCounts;
  /** Does a step that writes, again if need be. */
  readonly writing: <T>(work: (limit: WriteLimit) => Promise<T>) => Promise<T>;
  /** Whether there is time for another step; one is always done. */
  readonly hasTime: () => boolean;
  /** How long after a key has ended what came with it may be stored, in seconds. */
  readonly comesWithinS: number;
  /** How much a step deletes. @default some tenths of a second of PostgreSQL's time */
  readonly portion?: OrdersPortion;
}

const PORTION: OrdersPortion = { orders: 2_000, lines: 50_000 };

/** Of rows without lines. A former version has its items in it, of which there may be thousands. */
const STEP_ROWS = 2_000;

/** In the order in which they are deleted, after the orders. */
const REST: readonly (SellerRows & { readonly counted?: keyof ErasedCounts })[] = [
  {
    counted: 'versions_deleted',
    table: 'order_versions',
    key: ['order_id', 'version'],
    sortedBy: { name: 'replaced_xid', type: 'xid8' },
  },
  {
    counted: 'receipts_deleted',
    table: 'uploads',
    key: ['id'],
    sortedBy: { name: 'id', type: 'uuid' },
  },
  {
    table: 'daily_order_stats',
    key: ['user_id', 'day', 'status'],
    sortedBy: { name: 'day', type: 'date' },
    condition: sql`orders_count = 0 AND total_revenue = 0`, // which means the same as no row
  },
];

export const noneErased = (): ErasedCounts => ({
  keys_revoked: 0,
  orders_deleted: 0,
  items_deleted: 0,
  versions_deleted: 0,
  receipts_deleted: 0,
  keys_deleted: 0,
});

/**
 * Erases a seller in steps for as long as there is time; the next time goes on, wherever this one
 * has ended. First the keys end, so that nothing comes any more, then orders, their former
 * versions, receipts and days are deleted, and last of all the keys and the name. Between steps the
 * roll-up is what the orders come to.
 *
 * @param sellerId of a seller, or of one who was there: that is done then
 */
export async function eraseSeller(
  db: Kysely<Database>,
  sellerId: number,
  { by, counts, writing, hasTime, comesWithinS, portion = PORTION }: EraseOptions,
): Promise<Erasure> {
  counts.keys_revoked += await writing((limit) => begin(db, sellerId, by, limit));
  for (;;) {
    const areOrdersErased = await inSteps(async (from) => {
      const erased = await writing(async (limit) =>
        hear(limit, await eraseOrdersStatement(sellerId, from, portion, limit.writeBy).execute(db)),
      );
      counts.orders_deleted += erased.orders_deleted;
      counts.items_deleted += erased.items_deleted;
      return erased;
    }, hasTime);
    if (!areOrdersErased) return { done: false, orders_left: true };

    for (const { counted, ...rows } of REST) {
      const areErased = await inSteps(async (from) => {
        const erased = await writing(async (limit) =>
          hear(
            limit,
            await eraseRowsStatement(rows, sellerId, from, STEP_ROWS, limit.writeBy).execute(db),
          ),
        );
        if (counted) counts[counted] += erased.rows_deleted;
        return erased;
      }, hasTime);
      if (!areErased) return { done: false, orders_left: false };
    }

    const last = await writing((limit) =>
      eraseSellerRow(db, sellerId, { comesWithinS, by }, limit),
    );
    counts.keys_deleted += last.keys_deleted;
    if (last.is_done) return { done: true, orders_left: false };
    // Something has come since the orders were deleted: so once more from the beginning.
    if (last.has_rows && hasTime()) continue;
    if (last.has_rows) return { done: false, orders_left: true };
    return { done: false, orders_left: false, wait_s: last.wait_s };
  }
}

/** @returns whether the last step was done; otherwise there was no time */
async function inSteps(
  step: (from: string | undefined) => Promise<{ last: string | null; is_end: boolean }>,
  hasTime: () => boolean,
): Promise<boolean> {
  let from: string | undefined;
  for (;;) {
    const { last, is_end } = await step(from);
    if (is_end) return true;
    if (!hasTime()) return false;
    from = last ?? from;
  }
}

/** The one row of an answer, whose time tells how the database's clock goes. */
function hear<TRow extends { database_ms: number }>(
  { heard }: WriteLimit,
  result: { readonly rows: readonly TRow[] },
): TRow {
  const row = onlyRow(result);
  heard?.(row.database_ms);
  return row;
}

/**
 * Ends the keys, and says that the erasing has begun; once, however many requests it takes.
 *
 * @returns how many of the keys were not revoked until now
 */
async function begin(
  db: Kysely<Database>,
  sellerId: number,
  by: Doer,
  limit: WriteLimit,
): Promise<number> {
  const { keys_revoked } = onlyRow(
    await sql<{ keys_revoked: number }>`
    WITH seller AS (
      SELECT id, (SELECT coalesce(sum(orders_count), 0) FROM daily_order_stats WHERE user_id = id) AS orders_count
      FROM users WHERE id = ${sellerId} AND ${inTime(limit)}
    ), revoked AS (
      UPDATE seller_keys SET revoked_at = now()
      WHERE user_id = (SELECT id FROM seller) AND revoked_at IS NULL
      RETURNING id
    ), line AS (
      ${auditLines(by, 'seller.erase_begin', sql`seller`, {
        sellerId: sql`id`,
        before: sql`jsonb_build_object(
          'orders_count', orders_count, 'keys_count', (SELECT count(*) FROM revoked))`,
      })}
      ON CONFLICT DO NOTHING
    )
    SELECT count(*)::integer AS keys_revoked FROM revoked`.execute(db),
  );
  return keys_revoked;
}
