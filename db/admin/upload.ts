import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { LISTED_UPLOAD, type ListedUpload } from './uploads-list.ts';

/** An upload with all that its page says of it. */
export interface UploadDetails extends ListedUpload {
  /** Of the request, with those that it found unchanged. */
  orders_count: number;
  items_count: number;
  request_id: string;
  /** The first 100 of those that it left alone. */
  left_alone: readonly NamedOrder[];
  /** What it has taken back, and what that was. */
  undoes: string | null;
  undoes_kind: ListedUpload['kind'] | null;
  /** The last undoing that has taken something of it back; it may itself be undone since. */
  undone_by: string | null;
  /** Orders that are still as it left them, 100 at most. */
  orders: readonly UploadedOrder[];
  /** Orders that were changed or deleted since, and those that it deleted; as many. */
  replaced: readonly UploadedOrder[];
  deleted: readonly UploadedOrder[];
}

export interface NamedOrder {
  readonly order_number: string;
  /** Whether the seller has an order of this number now; another seller may. */
  readonly is_there: boolean;
}

export interface UploadedOrder extends NamedOrder {
  /** Which of the order's versions it made; of a deleted one, the last. */
  readonly version: number;
}

/** How many orders of each kind are named. */
export const MAX_NAMED = 100;

/** @returns `undefined` when there is no such upload */
export async function findUpload(
  db: Kysely<Database>,
  id: string,
): Promise<UploadDetails | undefined> {
  const { rows } = await findUploadStatement(id).execute(db);
  return rows[0] && { ...rows[0], ...JSON.parse(rows[0].lists) };
}

/** @returns a query whose `lists` is JSON of what its type leaves out */
export function findUploadStatement(id: string): RawBuilder<
  Omit<UploadDetails, 'left_alone' | 'orders' | 'replaced' | 'deleted'> & {
    lists: string;
  }
> {
  return sql`
    WITH p AS MATERIALIZED (SELECT ${COLUMNS} FROM uploads WHERE id = ${id}::uuid)
    SELECT ${LISTED_UPLOAD}, p.orders_count, p.items_count, p.request_id, p.undoes,
      (
        SELECT b.id FROM uploads AS b
        WHERE b.undoes = p.id AND b.orders_created + b.orders_updated + b.orders_deleted > 0
        ORDER BY b.undoes, b.id DESC LIMIT 1
      ) AS undone_by,
      (SELECT b.kind FROM uploads AS b WHERE b.id = p.undoes) AS undoes_kind,
      json_build_object(
        'left_alone', (
          SELECT coalesce(json_agg(json_build_object(
            'order_number', n.order_number, 'is_there', ${IS_THERE}) ORDER BY nth), '[]')
          FROM unnest(p.stale_order_numbers) WITH ORDINALITY AS n (order_number, nth)
        ),
        'orders', ${named('orders', OWN_ORDERS)},
        'replaced', ${named('order_versions', sql`t.user_id = p.user_id AND t.changed_xid = p.xid`)},
        'deleted', ${named('order_versions', sql`t.user_id = p.user_id AND t.replaced_xid = p.xid AND t.is_deletion`)}
      )::text AS lists
    FROM p JOIN users AS u ON u.id = p.user_id`;
}

const IS_THERE = sql`EXISTS (
            SELECT FROM orders AS o WHERE o.order_number = n.order_number AND o.user_id = p.user_id
            OFFSET 0
          )`;

/** The last condition is that of the index, which is of a part of the orders. */
const OWN_ORDERS = sql`t.user_id = p.user_id AND t.changed_xid = p.xid
              AND t.changed_xid >= '2'::xid8`;

const COLUMNS = sql.raw(
  `id, user_id, xid, kind, created_at, key_id, request_id, orders_count, items_count, orders_created,
   orders_updated, orders_stale, orders_deleted, stale_order_numbers, undoes`,
);

/** A list of `UploadedOrder` as JSON, of the upload's seller. */
function named(table: 'orders' | 'order_versions', condition: RawBuilder<unknown>) {
  return sql`(
          SELECT coalesce(json_agg(json_build_object(
            'order_number', n.order_number, 'version', n.version, 'is_there', ${IS_THERE})), '[]')
          FROM (
            SELECT t.order_number, t.version FROM ${sql.table(table)} AS t
            WHERE ${condition} ORDER BY t.order_number COLLATE "C" LIMIT ${sql.lit(MAX_NAMED)}
          ) AS n
        )`;
}
