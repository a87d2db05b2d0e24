import { type Kysely, type RawBuilder, sql } from 'kysely';
import { ANSWER_BYTES, answerBytes } from '../data-api/answer-bytes.ts';
import { DatabaseBusyError } from '../data-api/retry.ts';
import type { Database } from '../schema.ts';
import { GIVEN_ITEM, orderJson } from './order-json.ts';

const MAX_ATTEMPTS = 5;

/**
 * An order that one answer of the Data API has no room for, as JSON; `undefined` when it is gone.
 *
 * @throws {DatabaseBusyError} when it was changed each time while it was read
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
    if (items !== undefined) return order.json.replace(NO_ITEMS, () => `"items":[${items}]`);
  }
  throw new DatabaseBusyError('conflict');
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
  const items: string[] = [];
  for (let line = 0; ; ) {
    const { rows } = await itemsStatement(orderId, changedXid, line).execute(db);
    const last = rows.at(-1);
    if (!last) return undefined;
    if (last.last_line === null) return items.join();
    for (const { json } of rows) items.push(json);
    line = last.last_line;
  }
}

/** How many lines are looked at for one answer: the longest ones fill four. */
const PART_LINES = 4_000;

/** A row's; AWS says that one has at most 64 KB, and the longest item has less than 5. */
const ROW_BYTES = 50_000;

interface ItemsRow {
  last_line: number | null;
  json: string;
}

/**
 * The items after a line, as many as one answer has room for; at the end one row without a line.
 */
function itemsStatement(
  orderId: number,
  changedXid: string,
  afterLine: number,
): RawBuilder<ItemsRow> {
  return sql<ItemsRow>`
SELECT items.last_line, items.json
FROM orders AS o
LEFT JOIN LATERAL (
  SELECT max(line_no) AS last_line, string_agg(json, ',' ORDER BY line_no) AS json
  FROM (
    SELECT line_no, json, sum(${answerBytes(sql`json`)}) OVER (ORDER BY line_no) AS bytes
    FROM (
      SELECT line_no, (SELECT row_to_json(i) FROM (SELECT ${GIVEN_ITEM}) AS i)::text AS json
      FROM order_items
      WHERE order_id = o.id AND line_no > ${afterLine}
      ORDER BY line_no LIMIT ${sql.lit(PART_LINES)}
    ) AS item
  ) AS measured
  WHERE bytes <= ${sql.lit(ANSWER_BYTES)}
  GROUP BY bytes / ${sql.lit(ROW_BYTES)}
) AS items ON true
WHERE o.id = ${orderId} AND o.changed_xid = ${changedXid}::xid8
ORDER BY items.last_line`;
}
