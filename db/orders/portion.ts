import { type Kysely, type RawBuilder, sql } from 'kysely';
import { ANSWER_BYTES, answerBytes } from '../data-api/answer-bytes.ts';
import type { Database } from '../schema.ts';
import { orderJson } from './order-json.ts';

// The Data API answers at most 1 MiB. How much orders come to is only known when they are written,
// and a hundred of them may come to gigabytes: PostgreSQL writes one after the other until it is
// enough.

/** Some of a seller's orders. */
export interface Chosen {
  /**
   * SQL of the orders, in which `seller` is the seller's row of `users`: `id`, the `place` to sort
   * by, and as text the `key` by which the caller knows the order again. A row without an `id`
   * tells of no order but what its key says.
   */
  readonly orders: RawBuilder<unknown>;
  /** How many of them to write. */
  readonly limit: number;
  /** SQL of a text about the seller. @default nothing */
  readonly facts?: RawBuilder<string>;
}

/** Orders as JSON, as many as one call of the Data API answers. */
export interface Portion {
  /** `json` is `null` where there is no order. */
  readonly rows: readonly { readonly key: string; readonly json: string | null }[];
  /** How many were chosen. */
  readonly chosenCount: number;
  /** The first order that had no room any more. */
  readonly cut: { readonly key: string; readonly id: number } | undefined;
  readonly facts: string | null;
}

/** An order with more lines has no room in any portion: the shortest one is 62 bytes of it. */
const PORTION_LINES = 17_000;

/** AWS says that a row has at most 64 KB, though larger ones were seen; a character has up to 4. */
const PIECE_CHARACTERS = 15_000;

interface PortionRow {
  /** How many were chosen. */
  chosen_count: number;
  /** The order's, from 1; 0 is the seller's. */
  place: number;
  key: string | null;
  id: number | null;
  /** A piece of the order's JSON; `null` where it has no room any more. The facts at place 0. */
  json: string | null;
}

/** The first of a seller's chosen orders; `undefined` when there is no such seller. */
export async function readPortion(
  db: Kysely<Database>,
  user: string,
  chosen: Chosen,
): Promise<Portion | undefined> {
  const { rows } = await portionStatement(user, chosen).execute(db);
  const [seller] = rows;
  if (!seller) return undefined;
  const byKey = new Map<string, string | null>();
  let cut: Portion['cut'];
  for (const { key, id, json } of rows) {
    if (key === null) continue; // the seller's
    if (id !== null && json === null) cut = { key, id };
    else byKey.set(key, json && (byKey.get(key) ?? '') + json);
  }
  return {
    rows: Array.from(byKey, ([key, json]) => ({ key, json })),
    chosenCount: seller.chosen_count,
    cut,
    facts: seller.json,
  };
}

/** The seller's row, then each order's JSON in pieces. */
export function portionStatement(user: string, chosen: Chosen): RawBuilder<PortionRow> {
  const mostBytes = sql.lit(ANSWER_BYTES);
  const length = sql.lit(PIECE_CHARACTERS);
  return sql<PortionRow>`
WITH RECURSIVE
seller AS MATERIALIZED (SELECT id FROM users WHERE username = ${user}),
chosen AS MATERIALIZED (
  SELECT array_agg(id ORDER BY place) AS ids, array_agg(key ORDER BY place) AS keys, count(*) AS count
  FROM (${chosen.orders}) AS c
),
written AS (
  SELECT 0 AS place, ${chosen.facts ?? sql`NULL`}::text AS json, 0 AS bytes FROM seller
  UNION ALL
  SELECT
    w.place + 1, o.json,
    w.bytes + ${answerBytes(sql`chosen.keys[w.place + 1]`)}
      + CASE
        WHEN chosen.ids[w.place + 1] IS NULL THEN 0
        ELSE coalesce(${answerBytes(sql`o.json`)}, ${mostBytes} + 1)
      END
  FROM written AS w
  CROSS JOIN chosen
  LEFT JOIN LATERAL (
    SELECT
      CASE
        WHEN NOT EXISTS (
          SELECT FROM order_items
          WHERE order_id = o.id AND line_no > ${sql.lit(PORTION_LINES)}
        ) THEN ${orderJson()}
      END AS json
    FROM orders AS o
    WHERE o.id = chosen.ids[w.place + 1]
  ) AS o ON true
  WHERE w.bytes <= ${mostBytes} AND w.place < least(chosen.count, ${sql.lit(chosen.limit)})
)
SELECT
  chosen.count AS chosen_count, w.place, chosen.keys[w.place] AS key, chosen.ids[w.place] AS id,
  piece.json
FROM (
  SELECT place, CASE WHEN bytes <= ${mostBytes} THEN json END AS json FROM written
) AS w
CROSS JOIN chosen
CROSS JOIN LATERAL (
  SELECT n, substr(w.json, n * ${length} + 1, ${length}) AS json
  FROM generate_series(0, coalesce((length(w.json) - 1) / ${length}, 0)) AS n
) AS piece
ORDER BY w.place, piece.n`;
}
