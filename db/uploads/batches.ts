import { hash } from 'node:crypto';
import { type ColumnsOf, columnsOf, textCell } from './array-literals.ts';

/** A checked order, ready to be stored. */
export interface UploadedOrder {
  readonly order_number: string;
  /** UTC, as `2025-11-12T10:00:00.000000Z` */
  readonly created_at: string;
  /** Decimal text with 2 places, as are the prices. */
  readonly total_amount: string;
  readonly status: string;
  readonly items: readonly UploadedItem[];
}

export interface UploadedItem {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly price: string;
}

/** What one Data API call stores, and the calls that an order too large for one needs besides. */
export interface UploadBatch {
  readonly orders: ColumnsOf<typeof ORDER_COLUMNS>;
  readonly items: ColumnsOf<typeof ITEM_COLUMNS>;
  /** Of the batch's only order. */
  readonly moreItems: readonly MoreItems[];
}

/** Items of an order that another call has stored. */
export interface MoreItems {
  readonly orderNumber: string;
  readonly items: ColumnsOf<typeof ITEM_COLUMNS>;
  readonly itemsCount: number;
}

const ORDER_COLUMNS = [
  'order_numbers',
  'created_ats',
  'total_amounts',
  'statuses',
  'items_digests', // SHA-256 in base64
  'items_counts',
] as const;

/** `places` are those of the items' orders in the batch, from 1 on. */
const ITEM_COLUMNS = ['places', 'line_nos', 'skus', 'names', 'quantities', 'prices'] as const;

/**
 * How many bytes of orders and items one call takes. A request may have 4 MiB with its headers; 32 KiB
 * hold the statement, the ARNs, the transaction's id and the headers (measured: below 12 KiB).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html
 */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024 - 32 * 1024;

/** Of the braces around each column. */
const BRACES_BYTES = 2 * (ORDER_COLUMNS.length + ITEM_COLUMNS.length);

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
  const sorted = [...orders].sort((a, b) => (a.order_number < b.order_number ? -1 : 1));
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
      orders: columnsOf(ORDER_COLUMNS, this.#orderRows),
      items: columnsOf(ITEM_COLUMNS, this.#itemRows),
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
    return { orderNumber, items: columnsOf(ITEM_COLUMNS, rows), itemsCount: rows.length };
  });
  return batch.close(moreItems);
}

function rowsOf(uploaded: UploadedOrder): OrderRows {
  const items: string[][] = [];
  let itemsText = '';
  for (const { sku, name, quantity, price } of uploaded.items) {
    const item = [`${items.length + 1}`, textCell(sku), textCell(name), `${quantity}`, price];
    items.push(item);
    itemsText += `${item[0]},${item[1]},${item[2]},${quantity},${price},`;
  }
  const order = [
    textCell(uploaded.order_number),
    uploaded.created_at,
    uploaded.total_amount,
    textCell(uploaded.status),
    hash('sha256', itemsText, 'base64'),
    `${items.length}`,
  ];
  return { order, items, sizeBytes: wireBytes(`${order.join()},${itemsText}`) };
}

/** How many bytes cells take as text within the request's JSON, where each is followed by a comma. */
function wireBytes(cells: string): number {
  return Buffer.byteLength(JSON.stringify(cells)) - QUOTES_BYTES;
}

const QUOTES_BYTES = 2;

const placeBytes = (place: number) => String(place).length + 1;
