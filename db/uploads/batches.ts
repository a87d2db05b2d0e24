import { hash } from 'node:crypto';
import { cellsOf, type LiteralsOf, literalsOf } from './array-literals.ts';
import {
  LINE_COLUMNS,
  namesOf,
  SENT_ITEM_COLUMNS,
  SENT_ORDER_COLUMNS,
  type UploadedOrder,
} from './order-columns.ts';

/** What one Data API call stores, and the calls that an order too large for one needs besides. */
export interface UploadBatch {
  readonly orders: LiteralsOf<typeof SENT_ORDER_COLUMNS>;
  readonly items: LiteralsOf<typeof SENT_ITEM_COLUMNS>;
  /** Of the batch's only order. */
  readonly moreItems: readonly MoreItems[];
}

/** Items of an order that another call has stored. */
export interface MoreItems {
  readonly orderNumber: string;
  readonly items: LiteralsOf<typeof SENT_ITEM_COLUMNS>;
  readonly itemsCount: number;
}

/**
 * How many bytes of orders and items one call takes. A request may have 4 MiB with its headers;
 * 32 KiB hold the statement, the ARNs, the transaction's id and the headers (measured: below
 * 12 KiB).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html
 */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024 - 32 * 1024;

/** Of the braces around each column. */
const BRACES_BYTES = 2 * [...namesOf(SENT_ORDER_COLUMNS), ...namesOf(SENT_ITEM_COLUMNS)].length;

/** An order as it travels. */
interface OrderRows {
  /** Cells in the order of the columns. */
  readonly order: readonly string[];
  /** The same of each item, without the place. */
  readonly items: readonly (readonly string[])[];
  /** How many bytes of the request all that takes. */
  readonly sizeBytes: number;
}

/**
 * The orders sorted by number and divided into as few calls as their bytes need. Every upload takes
 * its locks in this order, which is what keeps uploads of the same orders from deadlocking.
 */
export function uploadBatches(
  orders: readonly UploadedOrder[],
  maxBytes = MAX_BATCH_BYTES,
): UploadBatch[] {
  const sorted = sortedByNumber(orders);
  const batches: UploadBatch[] = [];
  let batch = new OpenBatch();

  const closeBatch = () => {
    if (batch.hasOrders) batches.push(batch.close());
    batch = new OpenBatch();
  };

  for (const order of sorted) {
    const rows = rowsOf(order);
    if (!batch.fits(rows, maxBytes)) closeBatch();
    if (batch.fits(rows, maxBytes)) batch.add(rows);
    else batches.push(largeOrderBatch(order.order_number, rows, maxBytes));
  }
  closeBatch();
  return batches;
}

/** As the database sorts them, by code points, in which it locks the orders of other requests. */
function sortedByNumber(orders: readonly UploadedOrder[]): UploadedOrder[] {
  // JavaScript compares the halves of pairs, which are less than some characters that come before.
  if (!orders.some(({ order_number }) => HALF_OF_PAIR.test(order_number))) {
    return [...orders].sort((a, b) => (a.order_number < b.order_number ? -1 : 1));
  }
  return orders
    .map((order) => ({ order, bytes: Buffer.from(order.order_number) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ order }) => order);
}

const HALF_OF_PAIR = /[\ud800-\udfff]/;

class OpenBatch {
  readonly #orderRows: (readonly string[])[] = [];
  readonly #itemRows: (readonly string[])[] = [];
  #sizeBytes = BRACES_BYTES;

  get hasOrders(): boolean {
    return this.#orderRows.length > 0;
  }

  fits(rows: OrderRows, maxBytes: number): boolean {
    return this.#sizeWith(rows) <= maxBytes;
  }

  add(rows: OrderRows): void {
    this.#sizeBytes = this.#sizeWith(rows);
    const place = this.#orderRows.push(rows.order);
    for (const item of rows.items) this.#itemRows.push([String(place), ...item]);
  }

  close(moreItems: readonly MoreItems[] = []): UploadBatch {
    return {
      orders: literalsOf(SENT_ORDER_COLUMNS, this.#orderRows),
      items: literalsOf(SENT_ITEM_COLUMNS, this.#itemRows),
      moreItems,
    };
  }

  #sizeWith({ items, sizeBytes }: OrderRows): number {
    return this.#sizeBytes + sizeBytes + items.length * placeBytes(this.#orderRows.length + 1);
  }
}

/** An order that outgrows a call: the order with its first items, then the others in slices. */
function largeOrderBatch(
  orderNumber: string,
  { order, items }: OrderRows,
  maxBytes: number,
): UploadBatch {
  const slices: (readonly string[])[][] = [[]];
  let sizeBytes = BRACES_BYTES + wireBytes(`${order.join()},`);
  for (const item of items) {
    const itemBytes = placeBytes(1) + wireBytes(`${item.join()},`);
    if (sizeBytes + itemBytes > maxBytes) {
      slices.push([]);
      sizeBytes = BRACES_BYTES;
    }
    slices.at(-1)?.push(item);
    sizeBytes += itemBytes;
  }
  const [first = [], ...others] = slices;
  const batch = new OpenBatch();
  batch.add({ order, items: first, sizeBytes: 0 });
  const moreItems = others.map((slice) => {
    const rows = slice.map((item) => ['1', ...item]);
    return { orderNumber, items: literalsOf(SENT_ITEM_COLUMNS, rows), itemsCount: rows.length };
  });
  return batch.close(moreItems);
}

function rowsOf(uploaded: UploadedOrder): OrderRows {
  const items: string[][] = [];
  let itemsText = '';
  for (const item of uploaded.items) {
    const cells = cellsOf(LINE_COLUMNS, { ...item, line_no: items.length + 1 });
    items.push(cells);
    itemsText += `${cells.join()},`;
  }
  const order = cellsOf(SENT_ORDER_COLUMNS, {
    ...uploaded,
    updated_at: uploaded.updated_at,
    items_digest: hash('sha256', itemsText, 'base64'),
    items_count: items.length,
  });
  return { order, items, sizeBytes: wireBytes(`${order.join()},${itemsText}`) };
}

/**
 * How many bytes cells take as text within the request's JSON, where each is followed by a comma.
 */
function wireBytes(cells: string): number {
  return Buffer.byteLength(JSON.stringify(cells)) - QUOTES_BYTES;
}

const QUOTES_BYTES = 2;

const placeBytes = (place: number) => String(place).length + 1;
