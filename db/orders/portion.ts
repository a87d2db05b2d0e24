import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { orderJson } from './order-json.ts';

// The Data API answers at most 1 MiB. How much orders come to is only known when they are written,
// and a hundred of them may come to gigabytes: PostgreSQL writes one after the other until it is
// enough.

/** Orders as JSON, as many as one call of the Data API answers. */
export interface Portion {
  readonly orders: readonly { readonly key: string; readonly json: string }[];
  /** The first order that had no room any more. */
  readonly cut: { readonly key: string; readonly id: number } | undefined;
}

/**
 * What one answer may come to, counted as the JSON string that it becomes in the Data API's JSON:
 * it is not known whether AWS counts before or after that. The rest is for what rows and columns
 * count.
 */
export const PORTION_BYTES = 1_000_000;

/** An order with more lines has no room in any portion: the shortest one is 62 bytes of it. */
export const PORTION_LINES = 17_000;

/** AWS says that a row has at most 64 KB, though larger ones were seen; a character has up to 4. */
const PIECE_CHARACTERS = 15_000;

interface PortionRow {
  /** The order's, from 1; 0 is the seller's. */
  place: number;
  key: string | null;
  id: number | null;
  /** A piece of the order's JSON; `null` where the order has no room any more. */
  json: string | null;
}

/**
 * The first of a seller's chosen orders; `undefined` when there is no such seller.
 *
 * @param chosen SQL of the orders, in which `seller` is the seller's row of `users`: `id`, the
 * `place` to sort by, and as text the `key` by which the caller knows the order again
 */
export async function readPortion(
  db: Kysely<Database>,
  user: string,
  chosen: RawBuilder<unknown>,
): Promise<Portion | undefined> {
  const { rows } = await portionStatement(user, chosen).execute(db);
  if (rows.length === 0) return undefined;
  const orders = new Map<string, string>();
  let cut: Portion['cut'];
  for (const { key, id, json } of rows) {
    if (key === null || id === null) continue; // the seller's
    if (json === null) cut = { key, id };
    else orders.set(key, (orders.get(key) ?? '') + json);
  }
  return { orders: Array.from(orders, ([key, json]) => ({ key, json })), cut };
}

/** The seller's row, then each order's JSON in pieces. */
export function portionStatement(
  user: string,
  chosen: RawBuilder<unknown>,
): RawBuilder<PortionRow> {
  const mostBytes = sql.lit(PORTION_BYTES);
  return sql<PortionRow>`
WITH RECURSIVE
seller AS MATERIALIZED (SELECT id FROM users WHERE username = ${user}),
chosen AS MATERIALIZED (
  SELECT array_agg(id ORDER BY place) AS ids, array_agg(key ORDER BY place) AS keys
  FROM (${chosen}) AS c
),
written AS (
  SELECT 0 AS place, NULL::text AS json, 0 AS bytes FROM seller
  UNION ALL
  SELECT
    w.place + 1, o.json,
    w.bytes + coalesce(octet_length(to_json(o.json)::text), ${mostBytes} + 1)
  FROM written AS w
  CROSS JOIN chosen
  CROSS JOIN LATERAL (
    SELECT
      CASE
        WHEN NOT EXISTS (
          SELECT FROM order_items
          WHERE order_id = o.id AND line_no > ${sql.lit(PORTION_LINES)}
        ) THEN ${orderJson()}
      END AS json
    FROM orders AS o
    WHERE o.id = chosen.ids[w.place + 1]
    OFFSET 0 -- or it is written twice: once to be measured
  ) AS o
  WHERE w.bytes <= ${mostBytes}
)
SELECT w.place, chosen.keys[w.place] AS key, chosen.ids[w.place] AS id, piece.json
FROM (
  SELECT place, CASE WHEN bytes <= ${mostBytes} THEN json END AS json FROM written
) AS w
CROSS JOIN chosen
CROSS JOIN LATERAL ${inPieces(sql`w.json`)} AS piece
ORDER BY w.place, piece.n`;
}

/** Rows of `n` and `json`, a piece of a text each; one without text where there is none. */
export function inPieces(text: RawBuilder<unknown>): RawBuilder<unknown> {
  const length = sql.lit(PIECE_CHARACTERS);
  return sql`(
  SELECT n, substr(${text}, n * ${length} + 1, ${length}) AS json
  FROM generate_series(0, coalesce((length(${text}) - 1) / ${length}, 0)) AS n
)`;
}
