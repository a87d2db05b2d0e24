import { type RawBuilder, sql } from 'kysely';
import type { ChangesCursor } from './changes-cursor.ts';

/** A change as a page is made of it. */
export interface ChangeKey {
  readonly xid: string;
  readonly order_id: number;
  readonly order_number: string;
  readonly change: 'created' | 'updated' | 'deleted';
  readonly upload_id: string | null;
  /** When the receipt was written, in microseconds since the epoch. */
  readonly uploaded_at_us: number | null;
}

type Place = Pick<ChangesCursor, 'xid' | 'orderId'>;

/**
 * SQL of the first changes of a seller's orders after a place, for `readPortion`; their keys are a
 * `ChangeKey` each, as JSON.
 */
export function changesAfter(place: Place, limit: number): RawBuilder<unknown> {
  return sql`
  SELECT
    CASE WHEN change <> 'deleted' THEN order_id END AS id,
    row_number() OVER (ORDER BY c.xid, order_id) AS place,
    json_build_object(
      'xid', c.xid::text, 'order_id', order_id, 'order_number', order_number, 'change', change,
      'upload_id', receipt.id, 'uploaded_at_us', ${microseconds('receipt.created_at')}
    )::text AS key
  FROM (${changes(place, limit)}) AS c
  LEFT JOIN LATERAL (
    SELECT id, created_at FROM uploads
    WHERE xid = c.xid AND user_id = (SELECT id FROM seller) OFFSET 0
  ) AS receipt ON true`;
}

/** Since the epoch. */
export function microseconds(instant: string): RawBuilder<number> {
  return sql`(extract(epoch FROM ${sql.ref(instant)}) * 1000000)::bigint`;
}

/**
 * What happened to orders, by transaction and order. One that is there has one change, its last;
 * one that is gone its deletion.
 *
 * Nothing comes later at an earlier place. Of what the statement's snapshot shows, only what
 * transactions below its `xmin` have written is a change: those are all over. And what it does not
 * show was written by one that is not below. The whole argument is in docs/architecture.md.
 *
 * A number may be used again by a transaction that is older than the one which freed it. The
 * deletion would come after the order that is there now, and is left out.
 *
 * A comparison of rows is taken for much less selective than the same of their first columns. With
 * both PostgreSQL does not read what was ever replaced for the few that were deleted.
 */
function changes({ xid, orderId }: Place, limit: number): RawBuilder<unknown> {
  const place = sql`(${xid}::xid8, ${orderId}::bigint)`;
  const isChange = (itsXid: string, itsOrder: string) =>
    sql`${sql.ref(itsXid)} >= ${xid}::xid8 AND (${sql.ref(itsXid)}, ${sql.ref(itsOrder)}) > ${place}
        AND ${sql.ref(itsXid)} < (SELECT pg_snapshot_xmin(pg_current_snapshot()))`;
  return sql`
    (
      SELECT
        changed_xid AS xid, id AS order_id, order_number,
        CASE WHEN (created_xid, id) > ${place} THEN 'created' ELSE 'updated' END AS change
      FROM orders
      WHERE user_id = (SELECT id FROM seller) AND changed_xid >= '2'::xid8
        AND ${isChange('changed_xid', 'id')}
      ORDER BY changed_xid, id
      LIMIT ${sql.lit(limit)}
    )
    UNION ALL
    (
      SELECT replaced_xid, order_id, order_number, 'deleted'
      FROM order_versions AS v
      WHERE user_id = (SELECT id FROM seller) AND is_deletion
        AND ${isChange('replaced_xid', 'order_id')}
        AND NOT EXISTS (
          SELECT FROM orders AS o
          WHERE o.order_number = v.order_number AND o.user_id = v.user_id
            AND (least(o.created_xid, o.changed_xid), o.id) <= (v.replaced_xid, v.order_id)
          OFFSET 0 -- or all of the seller's orders are read
        )
      ORDER BY replaced_xid, order_id
      LIMIT ${sql.lit(limit)}
    )
    ORDER BY xid, order_id
    LIMIT ${sql.lit(limit)}`;
}
