import { createHash } from 'node:crypto';
import type { UploadBatch } from '../../../db/uploads/batches.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';

// What `uploadBatches` has to make, said in the simplest way. Stored digests are compared with
// those that are made here: whoever changes them makes every stored order look damaged.

type Cells = readonly string[];

const text = (value: string) => `"${value.replace(/["\\]/g, '\\$&')}"`;

const lineCells = ({ items }: UploadedOrder): Cells[] =>
  items.map(({ sku, name, quantity, price }, i) => [
    `${i + 1}`,
    text(sku),
    text(name),
    `${quantity}`,
    price,
  ]);

const ORDER_NAMES = [
  'order_number',
  'created_at',
  'total_amount',
  'status',
  'items_digest',
  'updated_at',
  'items_count',
];
const ITEM_NAMES = ['place', 'line_no', 'sku', 'name', 'quantity', 'price'];

function orderCells(order: UploadedOrder): Cells {
  const digested = lineCells(order).flatMap((cells) => cells.map((cell) => `${cell},`));
  return [
    text(order.order_number),
    order.created_at,
    order.total_amount,
    text(order.status),
    createHash('sha256').update(digested.join('')).digest('base64'),
    order.updated_at ?? 'NULL',
    `${order.items.length}`,
  ];
}

const itemCells = (orders: readonly UploadedOrder[]): Cells[] =>
  orders.flatMap((order, i) => lineCells(order).map((cells) => [`${i + 1}`, ...cells]));

/** Of a call, where every element has a comma, and every column braces. */
function sizeOf(orders: readonly Cells[], items: readonly Cells[]): number {
  const cells = [...orders, ...items].flat().map((cell) => `${cell},`);
  const braces = [...ORDER_NAMES, ...ITEM_NAMES].map(() => '{}');
  return Buffer.byteLength(JSON.stringify([...cells, ...braces].join(''))) - '""'.length;
}

const literals = (names: readonly string[], rows: readonly Cells[]) =>
  Object.fromEntries(names.map((name, i) => [name, `{${rows.map((cells) => cells[i]).join()}}`]));

export function plainBatches(orders: readonly UploadedOrder[], maxBytes: number): UploadBatch[] {
  const sorted = orders.toSorted((a, b) =>
    Buffer.compare(Buffer.from(a.order_number), Buffer.from(b.order_number)),
  );
  const fits = (batch: readonly UploadedOrder[]) =>
    sizeOf(batch.map(orderCells), itemCells(batch)) <= maxBytes;
  const batches: UploadedOrder[][] = [];
  for (const order of sorted) {
    const last = batches.at(-1);
    if (last && fits([...last, order])) last.push(order);
    else batches.push([order]);
  }
  return batches.map((batch) => (fits(batch) ? whole(batch) : divided(batch[0]!, maxBytes)));
}

const whole = (orders: readonly UploadedOrder[]) =>
  ({
    orders: literals(ORDER_NAMES, orders.map(orderCells)),
    items: literals(ITEM_NAMES, itemCells(orders)),
    moreItems: [],
  }) as unknown as UploadBatch;

function divided(order: UploadedOrder, maxBytes: number): UploadBatch {
  const slices: Cells[][] = [[]];
  for (const item of itemCells([order])) {
    const slice = slices.at(-1)!;
    const orders = slices.length === 1 ? [orderCells(order)] : [];
    if (sizeOf(orders, [...slice, item]) <= maxBytes) slice.push(item);
    else slices.push([item]);
  }
  const [first, ...others] = slices;
  return {
    ...whole([order]),
    items: literals(ITEM_NAMES, first!),
    moreItems: others.map((items) => ({
      orderNumber: order.order_number,
      items: literals(ITEM_NAMES, items),
      itemsCount: items.length,
    })),
  } as unknown as UploadBatch;
}
