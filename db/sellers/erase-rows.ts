import { type RawBuilder, sql } from 'kysely';

/** What a seller has beside orders, and what tells its rows apart. */
export interface SellerRows {
  readonly table: 'order_versions' | 'uploads' | 'daily_order_stats';
  /** The columns of its primary key. */
  readonly key: readonly string[];
  /** In whose order an index has a seller's rows. */
  readonly sortedBy: { readonly name: string; readonly type: 'xid8' | 'uuid' | 'date' };
  /** Which of them. @default all */
  readonly condition?: RawBuilder<boolean>;
}

/** What deleting some of a seller's rows came to. */
export interface ErasedRows {
  rows_deleted: number;
  /** Where to go on; `null` when there was no row. */
  last: string | null;
  /** Whether there were no more rows from `from` on. */
  is_end: boolean;
  /** What the database's clock said when the statement began, in milliseconds since the epoch. */
  database_ms: number;
}

/**
 * One statement that deletes the first of a seller's rows of a table.
 *
 * It sees the table as it was when it began. Where a row was deleted since, or is not deleted, it
 * undoes itself with SQLSTATE 40001; run again, it sees what is there.
 *
 * @param from `last` of a statement before this one, whose rows are not looked for again
 * @param writeBy see `WriteLimit`
 */
export function eraseRowsStatement(
  { table, key, sortedBy, condition = sql`true` }: SellerRows,
  sellerId: number,
  from: string | undefined,
  atMost: number,
  writeBy: number,
): RawBuilder<ErasedRows> {
  const by = sql.ref(sortedBy.name);
  const later = from === undefined ? sql`` : sql`AND ${by} >= ${from}::${sql.raw(sortedBy.type)}`;
  const columns = (name: string) => sql.join(key.map((column) => sql.ref(`${name}.${column}`)));
  return sql<ErasedRows>`
WITH limits AS MATERIALIZED (
  SELECT write_before(${writeBy}) AS database_ms
),
planned AS MATERIALIZED (
  SELECT ${columns('t')}, ${by} AS place FROM ${sql.table(table)} AS t
  WHERE user_id = ${sellerId} AND (SELECT database_ms FROM limits) IS NOT NULL
    AND ${condition} ${later}
  ORDER BY ${by} LIMIT ${atMost}
),
removed AS (
  DELETE FROM ${sql.table(table)} AS t USING planned AS p
  WHERE (${columns('t')}) = (${columns('p')}) AND ${condition}
  RETURNING true AS done
),
counts AS (
  SELECT (SELECT count(*) FROM planned) AS planned, (SELECT count(*) FROM removed) AS removed
)
SELECT
  removed AS rows_deleted, planned < ${atMost} AS is_end,
  (SELECT place FROM planned ORDER BY place DESC LIMIT 1)::text AS last,
  (SELECT database_ms FROM limits) AS database_ms,
  CASE WHEN removed <> planned
    THEN raise_serialization_failure('rows were changed by somebody else meanwhile')
  END AS nothing
FROM counts`;
}
