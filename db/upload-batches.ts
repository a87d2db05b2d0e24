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

/** What one Data API call stores: orders, or more items of an order too large for one call. */
export type UploadBatch =
  | { readonly kind: 'orders'; readonly json: string }
  | {
      readonly kind: 'items';
      readonly order_number: string;
      readonly first_line_no: number;
      readonly json: string;
    };

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
    if (fragments.length > 0) batches.push({ kind: 'orders', json: `[${fragments.join(',')}]` });
    fragments = [];
    sizeBytes = LIST_BYTES;
  };

  for (const order of sorted) {
    const items = order.items.map(itemJson);
    const fragment = orderJson(order, items, items);
    const fragmentBytes = escapedBytes(fragment) + 1;
    if (sizeBytes + fragmentBytes > maxBytes) closeBatch();
    if (LIST_BYTES + fragmentBytes > maxBytes) {
      batches.push(...largeOrderBatches(order, items, maxBytes));
    } else {
      fragments.push(fragment);
      sizeBytes += fragmentBytes;
    }
  }
  closeBatch();
  return batches;
}

/** An order that outgrows a call: the order without its items, then the items in slices. */
function largeOrderBatches(
  order: UploadedOrder,
  items: readonly string[],
  maxBytes: number,
): UploadBatch[] {
  const batches: UploadBatch[] = [{ kind: 'orders', json: `[${orderJson(order, items, [])}]` }];
  let first = 0;
  while (first < items.length) {
    let end = first;
    let sizeBytes = LIST_BYTES;
    do sizeBytes += escapedBytes(items[end++]!) + 1;
    while (end < items.length && sizeBytes + escapedBytes(items[end]!) + 1 <= maxBytes);
    batches.push({
      kind: 'items',
      order_number: order.order_number,
      first_line_no: first + 1,
      json: `[${items.slice(first, end).join(',')}]`,
    });
    first = end;
  }
  return batches;
}

/** Short names, because the bytes of a request are what limits a batch. */
function orderJson(
  order: UploadedOrder,
  items: readonly string[],
  sentItems: readonly string[],
): string {
  const head = JSON.stringify({
    n: order.order_number,
    c: order.created_at,
    t: order.total_amount,
    s: order.status,
    d: hash('sha256', items.join(), 'base64'),
    k: items.length,
  });
  return `${head.slice(0, -1)},"i":[${sentItems.join()}]}`;
}

function itemJson(item: UploadedItem): string {
  return JSON.stringify({ s: item.sku, n: item.name, q: item.quantity, p: item.price });
}

/** The bytes of JSON text once it travels as a string inside the request's own JSON. */
function escapedBytes(json: string): number {
  return Buffer.byteLength(JSON.stringify(json)) - 2;
}
