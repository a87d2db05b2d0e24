import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { selectList } from './select-list.ts';

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
  orders_stale: number;
  orders_deleted: number;
}

/** The latest of all sellers, newest first. */
export async function listLastUploads(
  db: Kysely<Database>,
  limit: number,
): Promise<ListedUpload[]> {
  return (await listLastUploadsStatement(limit).execute(db)).rows;
}

/** Ids of uploads are in the order of time. */
export function listLastUploadsStatement(limit: number): RawBuilder<ListedUpload> {
  return sql`
    SELECT ${LISTED_UPLOAD}
    FROM uploads AS p JOIN users AS u ON u.id = p.user_id
    ORDER BY p.id DESC
    LIMIT ${sql.lit(limit)}`;
}

const LISTED_UPLOAD = selectList<ListedUpload>({
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
