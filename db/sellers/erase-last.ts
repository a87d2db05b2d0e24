import { type Kysely, type RawBuilder, sql } from 'kysely';
import { auditLines, type Doer } from '../audit/audit-lines.ts';
import type { WriteLimit } from '../data-api/write-limit.ts';
import { onlyRow } from '../only-row.ts';
import type { Database } from '../schema.ts';

/** What the last step of erasing a seller came to. */
export interface LastStep {
  /** Whether the seller is gone. */
  is_done: boolean;
  /** Whether there are orders, former versions or receipts, which come first. */
  has_rows: boolean;
  /** In how many seconds nothing can come any more by a key that was good until now. */
  wait_s: number;
  keys_deleted: number;
}

interface LastStepOptions {
  /** How long after a key has ended what came with it may be stored, in seconds. */
  readonly comesWithinS: number;
  readonly by: Doer;
}

/**
 * Deletes the seller's keys and name, unless something is left, or may still come: a request that
 * was let in by a key which is revoked since.
 *
 * It is a transaction of two statements: whoever stores a seller's first order holds the seller
 * until that is committed. Only a statement that begins when nobody does sees what has come.
 */
export function eraseSellerRow(
  db: Kysely<Database>,
  sellerId: number,
  options: LastStepOptions,
  { writeBy, heard }: WriteLimit,
): Promise<LastStep> {
  return db.transaction().execute(async (trx) => {
    const { database_ms } = onlyRow(await lockSellerStatement(sellerId, writeBy).execute(trx));
    heard?.(database_ms);
    return onlyRow(await eraseSellerRowStatement(sellerId, options).execute(trx));
  });
}

function lockSellerStatement(
  sellerId: number,
  writeBy: number,
): RawBuilder<{ database_ms: number }> {
  return sql`
WITH limits AS MATERIALIZED (
  SELECT write_before(${writeBy}) AS database_ms
),
locked AS MATERIALIZED (
  SELECT id FROM users
  WHERE id = ${sellerId} AND (SELECT database_ms FROM limits) IS NOT NULL FOR UPDATE
)
SELECT database_ms, (SELECT id FROM locked) AS id FROM limits`;
}

function eraseSellerRowStatement(
  sellerId: number,
  { comesWithinS, by }: LastStepOptions,
): RawBuilder<LastStep> {
  const has = (table: string) =>
    sql`EXISTS (SELECT FROM ${sql.table(table)} WHERE user_id = ${sellerId})`;
  return sql`
WITH seen AS MATERIALIZED (
  SELECT
    ${has('orders')} OR ${has('order_versions')} OR ${has('uploads')} AS has_rows,
    (
      SELECT coalesce(ceil(greatest(${comesWithinS} - min(extract(epoch FROM now() - ended_at)), 0)), 0)
      FROM (
        SELECT least(coalesce(revoked_at, now()), expires_at) AS ended_at FROM seller_keys
        WHERE user_id = ${sellerId}
      ) AS key
    )::integer AS wait_s
),
decision AS MATERIALIZED (
  SELECT NOT has_rows AND wait_s = 0 AS erases FROM seen
),
removed_days AS (
  DELETE FROM daily_order_stats WHERE user_id = ${sellerId} AND (SELECT erases FROM decision)
),
removed_keys AS (
  DELETE FROM seller_keys WHERE user_id = ${sellerId} AND (SELECT erases FROM decision)
  RETURNING true AS done
),
removed_seller AS (
  DELETE FROM users WHERE id = ${sellerId} AND (SELECT erases FROM decision)
  RETURNING id
),
line AS (
  ${auditLines(by, 'seller.erase', sql`removed_seller`, { sellerId: sql`id` })}
)
SELECT
  erases AS is_done, has_rows, wait_s, (SELECT count(*) FROM removed_keys)::integer AS keys_deleted,
  CASE
    WHEN erases AND EXISTS (SELECT FROM users WHERE id = ${sellerId})
      AND NOT EXISTS (SELECT FROM removed_seller)
    THEN raise_rows_lost('a seller was found who was not deleted')
  END AS nothing
FROM seen, decision`;
}
