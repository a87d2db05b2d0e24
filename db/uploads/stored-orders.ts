import type { Kysely } from 'kysely';
import { numbered } from '../orders/find-orders.ts';
import { readPortion } from '../orders/portion.ts';
import type { Database } from '../schema.ts';
import type { UploadedItem } from './order-columns.ts';

/** As `UploadedOrder` has it, every number as its text. */
export interface StoredOrder {
  readonly created_at: string;
  readonly total_amount: string;
  readonly status: string;
  readonly updated_at: string | null;
  /** By their lines. */
  readonly items: readonly Readonly<Record<keyof UploadedItem, string>>[];
}

/** For how many numbers one call asks. */
const ASKED_AT_ONCE = 500;

/**
 * What is stored of a seller's orders, by order number, until it comes to about `maxBytes`; without
 * those of which one has no room in an answer of the Data API.
 */
export async function readStoredOrders(
  db: Kysely<Database>,
  user: string,
  { numbers, maxBytes }: { readonly numbers: readonly string[]; readonly maxBytes: number },
): Promise<Map<string, StoredOrder>> {
  const stored = new Map<string, StoredOrder>();
  let bytes = 0;
  for (let from = 0; from < numbers.length && bytes < maxBytes; ) {
    const asked = numbers.slice(from, from + ASKED_AT_ONCE);
    const orders = numbered(asked.map((number) => [number]));
    const portion = await readPortion(db, user, { orders, limit: asked.length });
    if (!portion) break; // erased meanwhile
    const { rows, cut } = portion;
    for (const { key, json } of rows) {
      const number = asked[Number(key)];
      if (number === undefined || json === null) continue;
      bytes += Buffer.byteLength(json);
      stored.set(number, JSON.parse<StoredOrder>(json, numberAsText));
    }
    from += cut ? Number(cut.key) + (rows.length === 0 ? 1 : 0) : asked.length;
  }
  return stored;
}

/** Money is never a JavaScript number. */
const numberAsText = (
  _key: string,
  value: unknown,
  { source }: { readonly source?: string },
): unknown => (typeof value === 'number' ? source : value);
