import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import type { OrderFilter } from './order-filter.ts';

/** What the words of a filter mean in this database. */
export interface Lookup {
  /** The seller that the filter names; `null` when there is no such seller. */
  readonly seller: { readonly id: number; readonly username: string } | null | undefined;
  /** The sellers whose name begins with `q`; the first 10. */
  readonly sellersOfQ: readonly number[];
  /**
   * Whether so few orders have the filter's status that looking at one order after the other would not
   * find them. Known from PostgreSQL's statistics; where there are none yet, the table is small.
   */
  readonly statusIsRare: boolean;
}

const NOTHING_TO_LOOK_UP: Lookup = { seller: undefined, sellersOfQ: [], statusIsRare: false };

/** Of all orders. Of a rarer status, a page would have to walk past more than 10,000 others. */
const RARE = 0.005;

/**
 * Finds the sellers by their names, so that the list's own statement has their ids: PostgreSQL then
 * knows how many orders they have, and plans for it.
 */
export async function lookUp(
  db: Kysely<Database>,
  { q, seller, status }: OrderFilter,
): Promise<Lookup> {
  if (!q && !seller && !status) return NOTHING_TO_LOOK_UP;
  const row = await db
    .selectNoFrom([
      sql<string>`(
        SELECT json_agg(json_build_object('id', id, 'username', username))
        FROM (
          SELECT id, username FROM users
          WHERE ${LOWER_NAME} = lower(${seller ?? null}::text COLLATE pg_c_utf8) COLLATE "C"
          ORDER BY username = ${seller ?? null} DESC LIMIT 1
        ) AS named
      )::text`.as('seller'),
      sql<string>`(
        SELECT json_agg(id) FROM (
          SELECT id FROM users WHERE ${beginsWith(q)} ORDER BY ${LOWER_NAME} LIMIT 10
        ) AS beginning
      )::text`.as('sellers_of_q'),
      sql<boolean>`coalesce((
        SELECT most_common_vals IS NOT NULL AND coalesce(
          most_common_freqs[array_position(most_common_vals::text::text[], ${status ?? null}::text)], 0
        ) < ${sql.lit(RARE)}
        FROM pg_stats WHERE schemaname = 'public' AND tablename = 'orders' AND attname = 'status'
      ), false)`.as('status_is_rare'),
    ])
    .executeTakeFirstOrThrow();
  return {
    seller: seller
      ? ((JSON.parse(row.seller ?? '[]') as NonNullable<Lookup['seller']>[])[0] ?? null)
      : undefined,
    sellersOfQ: q ? (JSON.parse(row.sellers_of_q ?? '[]') as number[]) : [],
    statusIsRare: Boolean(status) && row.status_is_rare,
  };
}

const LOWER_NAME = sql`(lower(username COLLATE pg_c_utf8) COLLATE "C")`;

function beginsWith(q: string | undefined) {
  if (!q) return sql<boolean>`false`;
  const lower = q.toLowerCase();
  return sql<boolean>`${LOWER_NAME} >= ${lower} AND ${LOWER_NAME} < ${lower + LAST_CHARACTER}`;
}

/** Sorts after every text that could follow. */
export const LAST_CHARACTER = '\u{10ffff}';
