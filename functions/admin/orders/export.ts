import type { Kysely } from 'kysely';
import { lookUp } from '../../../db/admin/lookup.ts';
import type { PageStart } from '../../../db/admin/order-filter.ts';
import { type ListedOrder, listOrders } from '../../../db/admin/orders-list.ts';
import type { Database } from '../../../db/schema.ts';
import type { ListInput } from './input.ts';

export interface Export {
  readonly csv: string;
  /** `orders.csv`, or with how many orders it has where there are more. */
  readonly filename: string;
}

/** Of Lambda's 6 MB for an answer, in which the CSV is a JSON string; the rest is left for headers. */
export const MAX_EXPORT_BYTES = 5_800_000;

/** Rows of the longest texts fill less than the Data API's 1 MiB for a result. */
const ORDERS_A_CALL = 2_000;

/**
 * The orders of a list as CSV (RFC 4180, UTF-8 with the mark by which spreadsheets know it), up to what one
 * answer may hold. Where that is not all, the last line and the name of the file say so.
 */
export async function exportOrders(
  db: Kysely<Database>,
  { filter, sort, start: first }: ListInput,
  asking: <T>(ask: () => Promise<T>) => Promise<T>,
): Promise<Export> {
  const lookup = await asking(() => lookUp(db, filter));
  let csv = `\ufeff${HEAD}`;
  let bytes = jsonBytes(csv);
  let count = 0;
  for (let start: PageStart | undefined = first?.side === 'after' ? first : undefined; ; ) {
    const query = { filter, lookup, sort, start, limit: ORDERS_A_CALL };
    const { orders, hasNext } = await asking(() => listOrders(db, query));
    for (const order of orders) {
      const line = csvLine(order);
      bytes += jsonBytes(line);
      if (bytes > MAX_EXPORT_BYTES) return cut(csv, count);
      csv += line;
      count += 1;
    }
    const last = orders.at(-1);
    if (!hasNext || !last) return { csv, filename: 'orders.csv' };
    start = { side: 'after', key: last.key };
  }
}

function cut(csv: string, count: number): Export {
  const notice = `Cut after ${count} orders: one file holds no more. Filter by date or amount for the others.`;
  return { csv: `${csv}${cell(notice)}\r\n`, filename: `orders-first-${count}.csv` };
}

const HEAD = 'order_number,seller,created_at_utc,status,items_count,total_amount\r\n';

function csvLine(order: ListedOrder): string {
  return `${[
    cell(order.order_number),
    cell(order.seller),
    order.created_at,
    cell(order.status),
    order.items_count,
    order.total_amount,
  ].join(',')}\r\n`;
}

/**
 * Text as a quoted cell. What a spreadsheet would take for a formula gets an apostrophe in front.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function cell(text: string): string {
  const safe =
    /^[\s\p{C}]*[=+\-@|%＝＋－＠]/u.test(text) || /^[\t\r\n]/.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
