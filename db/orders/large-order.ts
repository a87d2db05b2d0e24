import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { GIVEN_ITEM, orderJson } from './order-json.ts';
import { inPieces, PORTION_BYTES, PORTION_LINES } from './portion.ts';

/** An order was changed each time while it was read, which takes several calls. */
export class OrderKeepsChangingError extends Error {
  override readonly name = 'OrderKeepsChangingError';
}

const MAX_ATTEMPTS = 5;

/**
 * An order that one answer of the Data API has no room for, as JSON; `undefined` when it is gone.
 *
 * @throws {OrderKeepsChangingError}
 */
export async function readLargeOrder(
  db: Kysely<Database>,
  orderId: number,
): Promise<string | undefined> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const order = await findWithoutItems(db, orderId);
    if (!order) return undefined;
    const items = await readItems(db, orderId, order.changed_xid);
    // Quotation marks within its texts have a backslash before them: there is no other such place.
    if (items) return order.json.replace(NO_ITEMS, () => `"items":[${items}]`);
  }
  throw new OrderKeepsChangingError('An order was changed whenever it was read.');
}

const NO_ITEMS = '"items":[]';

async function findWithoutItems(db: Kysely<Database>, orderId: number) {
  const { rows } = await sql<{ json: string; changed_xid: string }>`
    SELECT ${orderJson(sql`json '[]'`)} AS json, o.changed_xid::text AS changed_xid
    FROM orders AS o WHERE o.id = ${orderId}`.execute(db);
  return rows[0];
}

/** `undefined` when the order is no longer what that transaction has written. */
async function readItems(
  db: Kysely<Database>,
  orderId: number,
  changedXid: string,
): Promise<string | undefined> {
  let items = '';
  for (let line = 0; ; ) {
    const { rows } = await itemsStatement(orderId, changedXid, line).execute(db);
    const [first] = rows;
    if (!first) return undefined;
    if (first.last_line === null) return items;
    items += `${items && ','}${rows.map(({ json }) => json).join('')}`;
    line = first.last_line;
  }
}

/**
 * The items after a line, as many as one answer has room for; at the end one row without a line.
 */
function itemsStatement(orderId: number, changedXid: string, afterLine: number) {
  return sql<{ last_line: number | null; json: string }>`
SELECT items.last_line, piece.json
FROM orders AS o
CROSS JOIN LATERAL (
  SELECT max(line_no) AS last_line, string_agg(json, ',' ORDER BY line_no) AS json
  FROM (
    SELECT line_no, json, sum(octet_length(to_json(json)::text)) OVER (ORDER BY line_no) AS bytes
    FROM (
      SELECT line_no, (SELECT row_to_json(i) FROM (SELECT ${GIVEN_ITEM}) AS i)::text AS json
      FROM order_items
      WHERE order_id = o.id AND line_no > ${afterLine}
      ORDER BY line_no LIMIT ${sql.lit(PORTION_LINES)}
    ) AS item
  ) AS measured
  WHERE bytes <= ${sql.lit(PORTION_BYTES)}
) AS items
CROSS JOIN LATERAL ${inPieces(sql`items.json`)} AS piece
WHERE o.id = ${orderId} AND o.changed_xid = ${changedXid}::xid8
ORDER BY piece.n`;
}
