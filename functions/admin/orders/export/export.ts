import type { Kysely } from 'kysely';
import { addAmounts } from '../../../../db/add-amounts.ts';
import { ITEMS_A_CALL, type ListedItem, listItems } from '../../../../db/admin/items-list.ts';
import { isPart, type Lookup, lookUp } from '../../../../db/admin/lookup.ts';
import { orderIdOf, type PageStart } from '../../../../db/admin/order-filter.ts';
import { listOrders, type PlacedOrder } from '../../../../db/admin/orders-list.ts';
import type { Database } from '../../../../db/schema.ts';
import { EXPORT_FORMATS } from './format.ts';
import type { ExportInput, ExportPlace } from './input.ts';

/** As much of the found orders as one answer may hold. */
export interface Exported {
  readonly text: string;
  /** How many rows follow the head. */
  readonly rows: number;
  /** The orders that begin in it, and what the totals of these come to; decimal text, exact. */
  readonly orders: number;
  readonly total: string;
  /** Where the rest begins; `undefined` when this is all. */
  readonly next: ExportPlace | undefined;
  /** Whether the search has not looked at all that may have what was typed. */
  readonly isPart: boolean;
}

/**
 * Of Lambda's 6 MB for an answer, in which the text is a JSON string; the rest is left for headers.
 */
export const MAX_EXPORT_BYTES = 5_800_000;

/**
 * Rows of the longest texts, 120 characters of 4 bytes,
 * fill 0.6 of the Data API's 1 MiB for a result.
 */
const ORDERS_A_CALL = 1_000;

export interface Exporting {
  asking<T>(ask: () => Promise<T>): Promise<T>;
  /** Whether the answer has to be sent soon, with what it has by then. */
  isLate(): boolean;
}

/**
 * The orders of a list or their items, from a place on. Every line after the head is one of them:
 * that others are left out is said elsewhere.
 */
export async function exportOrders(
  db: Kysely<Database>,
  input: ExportInput,
  exporting: Exporting,
): Promise<Exported> {
  const format = EXPORT_FORMATS[input.format];
  const lines = [format.head(input.of)];
  let bytes = jsonBytes(lines.join(''));
  let [rows, orders, total] = [0, 0, '0.00'];
  let place = input.after;
  const lookup = await exporting.asking(() => lookUp(db, input.filter));
  const until = (next?: ExportPlace) => ({
    ...{ text: lines.join(''), rows, orders, total, next },
    isPart: isPart(lookup),
  });
  for await (const part of partsOf(db, input, lookup, exporting)) {
    if ('until' in part) return until(part.until);
    const { order, begins, ends, items, hasNext } = part;
    let isNew = begins;
    const count = () => {
      if (isNew) [orders, total] = [orders + 1, addAmounts(total, order.total_amount)];
      isNew = false;
    };
    for (const item of items ?? [undefined]) {
      const line = format.line(input.of, item ? { ...order, ...item } : { ...order });
      bytes += jsonBytes(line);
      if (bytes > MAX_EXPORT_BYTES && rows > 0) return until(place);
      lines.push(line);
      rows += 1;
      place = { key: order.key, line: item?.line_no };
      count();
    }
    count(); // also without items
    if (ends) place = { key: order.key };
    if (ends && orders === input.limit && hasNext) return until(place);
  }
  return until();
}

/** An order, or what one call brings of its items. */
interface Part {
  readonly order: PlacedOrder;
  /** Where those are asked for. */
  readonly items?: readonly ListedItem[];
  readonly begins: boolean;
  readonly ends: boolean;
  /** Whether another order comes. */
  readonly hasNext: boolean;
}

/** The parts, or where the rest is left for another answer. */
async function* partsOf(
  db: Kysely<Database>,
  { filter, sort, of, after, limit = ORDERS_A_CALL }: ExportInput,
  lookup: Lookup,
  { asking, isLate }: Exporting,
): AsyncGenerator<Part | { readonly until: ExportPlace }> {
  let start: PageStart | undefined = after && {
    side: after.line === undefined ? 'after' : 'from',
    key: after.key,
  };
  for (;;) {
    const query = { filter, lookup, sort, start, limit: Math.min(limit, ORDERS_A_CALL) };
    const { orders, hasNext, lookedTo } = await asking(() => listOrders(db, query));
    const hasAnother = (order: PlacedOrder) => hasNext || order !== orders.at(-1);
    if (of === 'orders') {
      yield* orders.map((order) => ({
        order,
        begins: true,
        ends: true,
        hasNext: hasAnother(order),
      }));
    } else {
      const isBegun = after?.line !== undefined && orders.at(0)?.key === after.key;
      for await (const part of itemParts(db, orders, isBegun ? after.line : 0, asking)) {
        yield { ...part, hasNext: hasAnother(part.order) };
      }
    }
    const key = lookedTo ?? orders.at(-1)?.key;
    if (!hasNext || key === undefined) return;
    if (isLate()) yield { until: { key } };
    start = { side: 'after', key };
  }
}

/** @param afterLine up to which the first order was written */
async function* itemParts(
  db: Kysely<Database>,
  orders: readonly PlacedOrder[],
  afterLine: number,
  asking: Exporting['asking'],
): AsyncGenerator<Omit<Part, 'hasNext'>> {
  for (let [rest, line] = [orders, afterLine]; rest.length > 0; ) {
    const batch = rest.slice(0, batchSize(rest));
    const found = await asking(() =>
      listItems(
        db,
        batch.map(({ key }) => orderIdOf(key)),
        line,
      ),
    );
    const itemsOf = Map.groupBy(found, ({ order_id }) => order_id);
    // An order may have got more items since it was listed: they need not all have come.
    const cut = found.length === ITEMS_A_CALL ? found.at(-1) : undefined;
    for (const order of batch) {
      const items = itemsOf.get(orderIdOf(order.key)) ?? [];
      const isCut = cut?.order_id === orderIdOf(order.key);
      yield { order, items, begins: order !== rest[0] || line === 0, ends: !isCut };
      if (isCut) break;
    }
    const done = cut ? batch.findIndex(({ key }) => orderIdOf(key) === cut.order_id) : batch.length;
    [rest, line] = [rest.slice(done), cut?.line_no ?? 0];
  }
}

/** As many orders as have no more items than a call brings, and one at least. */
function batchSize(orders: readonly PlacedOrder[]): number {
  let items = 0;
  const end = orders.findIndex((order) => {
    items += order.items_count;
    return items > ITEMS_A_CALL;
  });
  return end < 0 ? orders.length : Math.max(1, end);
}

function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2;
}
