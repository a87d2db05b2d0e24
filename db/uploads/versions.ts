import { type RawBuilder, sql } from 'kysely';
import { list, prefixed } from './column-sql.ts';
import { LINE_COLUMNS, ORDER_COLUMNS } from './order-columns.ts';

/** What of a stored order goes into its former version, beside whose it is and its items. */
const KEPT = ['order_number', 'updated_at', 'first_uploaded_at', 'last_changed_at'] as const;
const XIDS = ['version', 'created_xid', 'changed_xid'] as const;

/** What `RETURNING` of a statement that writes orders has to have for `formerVersions`. */
export const FORMER_COLUMNS: RawBuilder<unknown> = sql`
  ${prefixed(ORDER_COLUMNS, 'old')}, ${sql.raw([...KEPT, ...XIDS].map((name) => `old.${name} AS old_${name}`).join(', '))}`;

/**
 * Keeps what orders were, with their items as the statement's snapshot has them.
 *
 * @param orders the table of what they were: `id`, `user_id` and `FORMER_COLUMNS`
 */
export function keepVersions(
  orders: RawBuilder<unknown>,
  { isDeletion }: { isDeletion: boolean },
): RawBuilder<unknown> {
  const names = [...KEPT, ...XIDS];
  const former = (columns: readonly string[]) => sql.raw(columns.map((c) => `old_${c}`).join(', '));
  return sql`
  INSERT INTO order_versions
    (order_id, user_id, ${list(ORDER_COLUMNS)}, ${sql.raw(names.join(', '))}, is_deletion, items)
  SELECT
    s.id, s.user_id, ${former(Object.keys(ORDER_COLUMNS))}, ${former(names)},
    ${sql.lit(isDeletion)}, ${itemsOf(sql`s.id`)}
  FROM ${orders} AS s
  RETURNING true AS done`;
}

/** An order's items as JSON, by their lines. */
function itemsOf(orderId: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`(
      SELECT coalesce(json_agg(line), '[]')
      FROM (
        SELECT ${list(LINE_COLUMNS)} FROM order_items WHERE order_id = ${orderId} ORDER BY line_no
      ) AS line
    )`;
}
