import type { Kysely } from 'kysely';
import { lookUp } from '../../../db/admin/lookup.ts';
import type { PageStart } from '../../../db/admin/order-filter.ts';
import { listOrders } from '../../../db/admin/orders-list.ts';
import type { Database } from '../../../db/schema.ts';
import { type CsvFormat, csvHead, csvLine } from './csv.ts';
import type { ListInput } from './input.ts';

export interface Export {
  readonly csv: string;
  /** `orders.csv`, or with how many orders it has where there are more. */
  readonly filename: string;
  /** The key of the last order in it, where there are more. */
  readonly cutAfter?: string;
}

/**
 * Of Lambda's 6 MB for an answer, in which the CSV is a JSON string; the rest is left for headers.
 */
export const MAX_EXPORT_BYTES = 5_800_000;

/**
 * Rows of the longest texts, 120 characters of 4 bytes,
 * fill 0.6 of the Data API's 1 MiB for a result.
 */
const ORDERS_A_CALL = 1_000;

/**
 * The orders of a list as CSV (UTF-8 with the mark by which spreadsheets know it), up to what
 * one answer may hold. Every line after the first is an order: that others are left out, the
 * file's name says.
 */
export async function exportOrders(
  db: Kysely<Database>,
  { filter, sort, start: first }: ListInput,
  format: CsvFormat,
  asking: <T>(ask: () => Promise<T>) => Promise<T>,
): Promise<Export> {
  const lookup = await asking(() => lookUp(db, filter));
  let csv = `\ufeff${csvHead(format)}`;
  let bytes = jsonBytes(csv);
  let count = 0;
  for (let start: PageStart | undefined = first?.side === 'after' ? first : undefined; ; ) {
    const query = { filter, lookup, sort, start, limit: ORDERS_A_CALL };
    const { orders, hasNext } = await asking(() => listOrders(db, query));
    for (const order of orders) {
      const line = csvLine(order, format);
      bytes += jsonBytes(line);
      if (bytes > MAX_EXPORT_BYTES && start) {
        return { csv, filename: `orders-first-${count}.csv`, cutAfter: start.key };
      }
      csv += line;
      count += 1;
      start = { side: 'after', key: order.key };
    }
    if (!hasNext || orders.length === 0) return { csv, filename: 'orders.csv' };
  }
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
