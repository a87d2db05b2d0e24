import { ArrayRows, type LiteralsOf } from './array-literals.ts';
import { SENT_ITEM_COLUMNS, SENT_ORDER_COLUMNS, type UploadedOrder } from './order-columns.ts';
import { rowsOf } from './order-rows.ts';

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
  OPEN.clear();

  const closeBatch = () => {
    if (OPEN.hasOrders) batches.push(OPEN.close());
  };

  for (const order of sorted) {
    if (OPEN.add(order, maxBytes)) continue;
    closeBatch();
    if (!OPEN.add(order, maxBytes)) batches.push(largeOrderBatch(order, maxBytes));
  }
  closeBatch();
  return batches;
}

/** As the database sorts them, by code points, in which it locks the orders of other requests. */
export function sortedByNumber(orders: readonly UploadedOrder[]): UploadedOrder[] {
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
  readonly #orders = new ArrayRows(SENT_ORDER_COLUMNS);
  readonly #items = new ArrayRows(SENT_ITEM_COLUMNS);
  #ordersCount = 0;

  get hasOrders(): boolean {
    return this.#ordersCount > 0;
  }

  /** Whether there is room for the order; otherwise nothing was added. */
  add(uploaded: UploadedOrder, maxBytes: number): boolean {
    const place = this.#ordersCount + 1;
    const { order, lines } = rowsOf(uploaded, place);
    this.#orders.add(order);
    for (const line of lines) this.#items.add(line);
    if (this.#orders.sizeBytes + this.#items.sizeBytes > maxBytes) {
      this.#orders.takeBack();
      this.#items.takeBack();
      return false;
    }
    this.#orders.keep();
    this.#items.keep();
    this.#ordersCount = place;
    return true;
  }

  close(): UploadBatch {
    const batch = { orders: this.#orders.literals(), items: this.#items.literals(), moreItems: [] };
    this.clear();
    return batch;
  }

  clear(): void {
    this.#orders.clear();
    this.#items.clear();
    this.#ordersCount = 0;
  }
}

/** Of one batch after the other: memory that is there is used again rather than left as garbage. */
const OPEN = new OpenBatch();

/** An order that outgrows a call: the order with its first items, then the others in slices. */
function largeOrderBatch(uploaded: UploadedOrder, maxBytes: number): UploadBatch {
  const orderNumber = uploaded.order_number;
  const { order, lines } = rowsOf(uploaded, 1);
  const orders = new ArrayRows(SENT_ORDER_COLUMNS);
  const otherRoom = maxBytes - orders.sizeBytes;
  orders.add(order);
  let room = maxBytes - orders.sizeBytes;

  const slices: MoreItems[] = [];
  let items = new ArrayRows(SENT_ITEM_COLUMNS);
  let itemsCount = 0;
  for (const line of lines) {
    items.add(line);
    if (items.sizeBytes > room) {
      items.takeBack();
      slices.push({ orderNumber, items: items.literals(), itemsCount });
      room = otherRoom;
      items = new ArrayRows(SENT_ITEM_COLUMNS);
      items.add(line);
      itemsCount = 0;
    }
    items.keep();
    itemsCount += 1;
  }
  const last = { orderNumber, items: items.literals(), itemsCount };
  const [first = last, ...moreItems] = [...slices, last];
  return { orders: orders.literals(), items: first.items, moreItems };
}
