import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { readLargeOrder } from './large-order.ts';
import { readPortion } from './portion.ts';
import { type Spellings, spellingRows } from './spellings.ts';

/** What was asked for comes to more than an answer may hold. */
export class TooManyBytesError extends Error {
  override readonly name = 'TooManyBytesError';
}

/**
 * A seller's orders of these numbers as JSON, each in its number's place; `undefined` where it has
 * none. No array at all when there is no such seller.
 *
 * @throws {DatabaseBusyError} when a large one was changed each time while it was read
 * @throws {TooManyBytesError} where they come to more than `maxBytes`
 */
export async function findOrders(
  db: Kysely<Database>,
  user: string,
  { numbers, maxBytes }: { readonly numbers: readonly Spellings[]; readonly maxBytes: number },
): Promise<(string | undefined)[] | undefined> {
  const found = numbers.map((): string | undefined => undefined);
  let bytes = 0;
  const keep = (index: number, json: string | undefined) => {
    bytes += Buffer.byteLength(json ?? '');
    if (bytes > maxBytes) throw new TooManyBytesError(`More than ${maxBytes} bytes of orders.`);
    found[index] = json;
  };

  for (let from = 0; from < numbers.length; ) {
    const portion = await readPortion(db, user, {
      orders: numbered(numbers, from),
      limit: numbers.length,
    });
    if (!portion) return undefined;
    const { rows, cut } = portion;
    for (const { key, json } of rows) keep(Number(key), json ?? undefined);
    if (!cut) break;
    from = Number(cut.key);
    if (rows.length > 0) continue;
    keep(from, await readLargeOrder(db, cut.id));
    from += 1;
  }
  return found;
}

/** The orders of the numbers from one on, with its index as the key. */
export function numbered(numbers: readonly Spellings[], from = 0): RawBuilder<unknown> {
  return sql`
  SELECT DISTINCT ON (a.place) o.id, a.place, a.place::text AS key
  FROM ${spellingRows(numbers, from)} WITH ORDINALITY AS a (text, place, nth)
  JOIN orders AS o ON o.order_number = a.text
  WHERE o.user_id = (SELECT id FROM seller)
  ORDER BY a.place, a.nth`;
}
