import { hash } from 'node:crypto';

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
  /** A JSON array of orders with their items. */
  readonly ordersJson: string;
  /** Of the batch's only order. */
  readonly moreItems: readonly MoreItems[];
}

/** Items of an order that another call has stored, from `firstLineNo` on. */
export interface MoreItems {
  readonly orderNumber: string;
  readonly firstLineNo: number;
  readonly itemsJson: string;
}

/**
 * How many bytes of orders or items one call takes. A request may have 4 MiB with its headers; 32 KiB
 * hold the statement, the ARNs, the transaction's id and the headers (measured: below 12 KiB).
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.limitations.html
 */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024 - 32 * 1024;

/** A list is its members with a byte each, for the comma or the end, and one more to begin. */
const LIST_BYTES = 1;

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
  let fragments: string[] = [];
  let sizeBytes = LIST_BYTES;

  const closeBatch = () => {
    if (fragments.length > 0) batches.push({ ordersJson: `[${fragments}]`, moreItems: [] });
    fragments = [];
    sizeBytes = LIST_BYTES;
  };

  for (const order of sorted) {
    const items = JSON.stringify(order.items.map(shortItem));
    const fragment = orderJson(order, items, items);
    const fragmentBytes = escapedBytes(fragment) + 1;
    if (sizeBytes + fragmentBytes > maxBytes) closeBatch();
    if (LIST_BYTES + fragmentBytes > maxBytes) {
      batches.push(largeOrderBatch(order, items, maxBytes));
    } else {
      fragments.push(fragment);
      sizeBytes += fragmentBytes;
    }
  }
  closeBatch();
  return batches;
}

/** An order that outgrows a call: the order with its first items, then the others in slices. */
function largeOrderBatch(order: UploadedOrder, items: string, maxBytes: number): UploadBatch {
  const withoutItems = orderJson(order, items, '[]');
  let slice: string[] = [];
  let sizeBytes = LIST_BYTES + escapedBytes(withoutItems) + 1;
  const slices = [slice];
  for (const item of order.items) {
    const fragment = JSON.stringify(shortItem(item));
    const fragmentBytes = escapedBytes(fragment) + 1;
    if (sizeBytes + fragmentBytes > maxBytes) {
      slice = [];
      slices.push(slice);
      sizeBytes = LIST_BYTES;
    }
    slice.push(fragment);
    sizeBytes += fragmentBytes;
  }
  const [first = [], ...others] = slices;
  let lineNo = 1 + first.length;
  const moreItems = others.map((fragments) => {
    const firstLineNo = lineNo;
    lineNo += fragments.length;
    return { orderNumber: order.order_number, firstLineNo, itemsJson: `[${fragments}]` };
  });
  return { ordersJson: `[${orderJson(order, items, `[${first}]`)}]`, moreItems };
}

/** Short names, because the bytes of a request are what limits a batch. */
function orderJson(order: UploadedOrder, items: string, sentItems: string): string {
  const head = JSON.stringify({
    n: order.order_number,
    c: order.created_at,
    t: order.total_amount,
    s: order.status,
    d: hash('sha256', items, 'base64'),
    k: order.items.length,
  });
  return `${head.slice(0, -1)},"i":${sentItems}}`;
}

const shortItem = (item: UploadedItem) => ({
  s: item.sku,
  n: item.name,
  q: item.quantity,
  p: item.price,
});

/**
 * The bytes of JSON text once it travels as a string inside the request's own JSON. What
 * `JSON.stringify` wrote holds no control characters and no lone surrogates: only quotes and
 * backslashes are escaped again.
 */
function escapedBytes(json: string): number {
  let sizeBytes = Buffer.byteLength(json);
  for (let i = 0; i < json.length; i++) {
    const unit = json.charCodeAt(i);
    if (unit === QUOTE || unit === BACKSLASH) sizeBytes += 1;
  }
  return sizeBytes;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
