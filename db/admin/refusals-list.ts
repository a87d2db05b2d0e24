import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { selectList } from './select-list.ts';
import { sellerIdNamed } from './sellers-found.ts';

/** Uploads of a seller that were refused on one day for one reason. */
export interface ListedRefusal {
  /** The username. */
  seller: string;
  /** UTC, as `2025-11-12 10:00` */
  first_at: string;
  last_at: string;
  refusals_count: number;
  /** Of the first error that was answered, or `status-413` where a problem has none. */
  code: string;
  /** This, and what follows, is of the last one. */
  status: number;
  /** Where the first error is; empty where that is nowhere in particular. */
  pointer: string;
  errors_count: number;
  key_id: string;
  request_id: string;
}

interface RefusalsQuery {
  /** Whose, as `sellerIdNamed` has it. @default all sellers' */
  readonly seller?: string | undefined;
  readonly limit: number;
}

/** Those of which the latest was last come first. */
export async function listRefusals(
  db: Kysely<Database>,
  query: RefusalsQuery,
): Promise<ListedRefusal[]> {
  return (await listRefusalsStatement(query).execute(db)).rows;
}

/** A row's last refusal is of the row's day: with the day before it, an index has the order. */
export function listRefusalsStatement({ seller, limit }: RefusalsQuery): RawBuilder<ListedRefusal> {
  const own = sql`r.user_id = (${sellerIdNamed(seller ?? '')})`;
  const latestFirst = sql`ORDER BY r.day DESC, r.last_at DESC, r.user_id, r.code`;
  return sql`
    SELECT ${LISTED_REFUSAL}
    FROM (
      SELECT * FROM upload_refusals AS r
      WHERE ${seller === undefined ? sql`true` : own} ${latestFirst} LIMIT ${sql.lit(limit)}
    ) AS r
    JOIN users AS u ON u.id = r.user_id ${latestFirst}`;
}

const minuteOf = (column: string) =>
  sql`to_char(${sql.ref(column)} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI')`;

const LISTED_REFUSAL: RawBuilder<ListedRefusal> = selectList<ListedRefusal>({
  seller: sql`u.username`,
  first_at: minuteOf('r.first_at'),
  last_at: minuteOf('r.last_at'),
  refusals_count: sql`r.refusals_count`,
  code: sql`r.code`,
  status: sql`r.status`,
  pointer: sql`r.pointer`,
  errors_count: sql`r.errors_count`,
  key_id: sql`r.key_id`,
  request_id: sql`r.request_id`,
});
