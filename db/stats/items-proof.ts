import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { LINE_COLUMNS } from '../uploads/order-columns.ts';

/** An order of the day by its place in the order in which they are looked at. */
export interface OrderPlace {
  /** UTC, as `2025-11-12 10:00:00.123456` */
  readonly at: string;
  readonly id: number;
}

/** How much a statement looks at. An order is looked at as a whole, or not at all. */
export interface ItemsPortion {
  readonly orders: number;
  readonly lines: number;
}

/** What looking at some orders of a day came to. */
export interface ItemsProof {
  /** Whose items were all looked at: the first of the day after the place that was given. */
  orders_checked: number;
  /** Orders of which other items are stored than were uploaded; they are marked now. */
  orders_damaged: number;
  /** The first ten of them, as JSON text: `[{"order_id": 7, "items_stored": 18110}]`. */
  damaged_examples: string;
  /** The place of the last order looked at; `null` when no order was looked at as a whole. */
  last_at: string | null;
  last_id: number | null;
  /** Whether there are no more orders of the day after these. */
  is_end: boolean;
}

/** What comparing items with what was uploaded came to so far. */
export interface CheckedItems {
  orders_checked: number;
  orders_damaged: number;
  /** The first ten of those, by the id of the order and how many items it has. */
  damaged_examples: { order_id: number; items_stored: number }[];
}

/**
 * Some tenths of a second of PostgreSQL's time, and as many orders as that may be with few items
 * each.
 */
const PORTION: ItemsPortion = { orders: 20_000, lines: 100_000 };

/** One order with more lines than a portion: an upload's 16 MiB hold fewer than this. */
const LARGE_ORDER: ItemsPortion = { orders: 1, lines: 1_000_000 };

/**
 * Compares the items of a day's orders with what was uploaded, in portions; see
 * `proveItemsStatement`.
 *
 * @param checked to which each portion's outcome is added
 * @param trying does a statement, again if need be
 * @param hasTime whether there is time for another portion
 * @returns whether the day was done; what is not comes first the next time
 */
export async function checkItems(
  db: Kysely<Database>,
  day: string,
  runId: string,
  checked: CheckedItems,
  {
    trying,
    hasTime,
  }: { trying: <T>(work: () => Promise<T>) => Promise<T>; hasTime: () => boolean },
): Promise<boolean> {
  let after: OrderPlace | undefined;
  let portion = PORTION;
  while (hasTime()) {
    const { rows } = await trying(() =>
      proveItemsStatement(day, after, portion, runId).execute(db),
    );
    const [proof] = rows;
    if (!proof) throw new Error('The statement that compares items answered no row.');
    checked.orders_checked += proof.orders_checked;
    checked.orders_damaged += proof.orders_damaged;
    const room = 10 - checked.damaged_examples.length;
    checked.damaged_examples.push(...JSON.parse(proof.damaged_examples).slice(0, room));
    if (proof.is_end) return true;
    const { last_at, last_id } = proof;
    if (last_at !== null && last_id !== null) after = { at: last_at, id: last_id };
    portion = proof.orders_checked === 0 ? LARGE_ORDER : PORTION;
  }
  return false;
}

/**
 * One statement that compares the stored items of a day's orders with the digest of what was
 * uploaded, marks those that differ and counts them in the run: all of it or none.
 *
 * An order that is marked has an empty digest, so that its next upload writes all its items again:
 * only its seller knows them. It is counted once, whoever looks at it later.
 *
 * Uploads may run meanwhile. They change an order's items and digest in one transaction, so that
 * the one snapshot that the statement sees has both or neither; an order that was written since
 * is not marked.
 *
 * @param after the last order that was looked at; from the day's first on when `undefined`
 */
export function proveItemsStatement(
  day: string,
  after: OrderPlace | undefined,
  portion: ItemsPortion,
  runId: string,
): RawBuilder<ItemsProof> {
  const later = after
    ? sql`AND (created_at, id) > (${after.at}::timestamp AT TIME ZONE 'UTC', ${after.id})`
    : sql``;
  return sql<ItemsProof>`
WITH lines AS MATERIALIZED (
  SELECT o.created_at, o.id, o.items_digest, o.version, i.line_no, i.line
  FROM (
    SELECT created_at, id, items_digest, xmin AS version FROM orders
    WHERE created_at >= ${day}::date::timestamp AT TIME ZONE 'UTC'
      AND created_at < (${day}::date + 1)::timestamp AT TIME ZONE 'UTC'
      ${later}
    ORDER BY created_at, id
    LIMIT ${portion.orders}
  ) AS o
  LEFT JOIN LATERAL (
    SELECT line_no, ${LINE} AS line FROM order_items WHERE order_id = o.id ORDER BY line_no OFFSET 0
  ) AS i ON true
  ORDER BY o.created_at, o.id, i.line_no
  LIMIT ${portion.lines}
),
seen AS MATERIALIZED (
  SELECT
    created_at, id, any_value(items_digest) AS items_digest, any_value(version) AS version,
    count(line_no) AS items_stored,
    sha256(convert_to(coalesce(string_agg(line, '' ORDER BY line_no), ''), 'UTF8')) AS digest
  FROM lines GROUP BY created_at, id
),
ends AS MATERIALIZED (
  SELECT
    (SELECT count(*) FROM lines) < ${portion.lines} AS has_all_lines,
    (SELECT count(*) FROM seen) < ${portion.orders} AS has_all_orders
),
checked AS MATERIALIZED (
  SELECT * FROM seen
  WHERE (SELECT has_all_lines FROM ends)
    OR (created_at, id) < (SELECT created_at, id FROM seen ORDER BY created_at DESC, id DESC LIMIT 1)
),
marked AS (
  UPDATE orders AS o SET items_digest = ''
  FROM checked AS c
  WHERE c.digest <> c.items_digest AND c.items_digest <> '' AND o.id = c.id AND o.xmin = c.version
  RETURNING o.id, c.items_stored
),
counted AS (
  UPDATE nightly_runs SET orders_damaged = orders_damaged + (SELECT count(*) FROM marked)
  WHERE id = ${runId}::uuid AND EXISTS (SELECT FROM marked)
),
proved AS (
  UPDATE proved_days SET items_proved_at = now()
  WHERE day = ${day}::date AND (SELECT has_all_lines AND has_all_orders FROM ends)
)
SELECT
  (SELECT count(*) FROM checked) AS orders_checked,
  (SELECT count(*) FROM marked) AS orders_damaged,
  (
    SELECT coalesce(json_agg(json_build_object('order_id', id, 'items_stored', items_stored)), '[]')::text
    FROM (SELECT * FROM marked ORDER BY id LIMIT 10) AS first_ones
  ) AS damaged_examples,
  (last.created_at AT TIME ZONE 'UTC')::text AS last_at, last.id AS last_id,
  has_all_lines AND has_all_orders AS is_end
FROM ends
LEFT JOIN LATERAL (
  SELECT created_at, id FROM checked ORDER BY created_at DESC, id DESC LIMIT 1
) AS last ON true`;
}

/** An item as text, as `rowsOf` in `batches.ts` writes it for the digest. */
const LINE = sql.raw(
  `concat(${Object.entries(LINE_COLUMNS)
    .map(([name, { storedCell }]) => `${storedCell(name)}, ','`)
    .join(', ')})`,
);
