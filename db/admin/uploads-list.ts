import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { selectList } from './select-list.ts';
import { sellerIdNamed } from './sellers-found.ts';

/** What an upload, a deletion or an undoing has changed. */
export interface ListedUpload {
  id: string;
  kind: 'upload' | 'delete' | 'undo';
  key_id: string;
  /** The username. */
  seller: string;
  /** UTC, as `2025-11-12 10:00` */
  created_at: string;
  orders_created: number;
  orders_updated: number;
  /** Left alone: what was stored was newer, or not there. */
  orders_stale: number;
  orders_deleted: number;
}

export interface UploadsQuery {
  /** Whose, as `sellerIdNamed` has it. @default all sellers' */
  readonly seller?: string | undefined;
  /** The id of the upload before which to begin. @default with the latest */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** The latest first. */
export async function listUploads(
  db: Kysely<Database>,
  query: UploadsQuery,
): Promise<ListedUpload[]> {
  return (await listUploadsStatement(query).execute(db)).rows;
}

/** Ids of uploads are in the order of time. */
export function listUploadsStatement({
  seller,
  before,
  limit,
}: UploadsQuery): RawBuilder<ListedUpload> {
  const own = sql`p.user_id = (${sellerIdNamed(seller ?? '')})`;
  return sql`
    SELECT ${LISTED_UPLOAD}
    FROM uploads AS p JOIN users AS u ON u.id = p.user_id
    WHERE ${seller === undefined ? sql`true` : own}
      AND ${before === undefined ? sql`true` : sql`p.id < ${before}::uuid`}
    ORDER BY ${seller === undefined ? sql`` : sql`p.user_id DESC,`} p.id DESC
    LIMIT ${sql.lit(limit)}`;
}

export const LISTED_UPLOAD: RawBuilder<ListedUpload> = selectList<ListedUpload>({
  id: sql`p.id`,
  seller: sql`u.username`,
  kind: sql`p.kind`,
  key_id: sql`p.key_id`,
  created_at: sql`to_char(p.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')`,
  orders_created: sql`p.orders_created`,
  orders_updated: sql`p.orders_updated`,
  orders_stale: sql`p.orders_stale`,
  orders_deleted: sql`p.orders_deleted`,
});
