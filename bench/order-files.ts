import { createWriteStream, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { newOrders, type SentOrder } from './orders.ts';

/** A file of orders, and what is in it. */
export interface OrdersFile {
  readonly path: string;
  readonly orders: number;
  /** What they come to. */
  readonly cents: number;
  readonly megabytes: number;
}

/** A form that files of orders have, by the ending of their names. */
export type FileForm = 'ndjson' | 'csv';

const BATCH = 5_000;

/** An order a line, or a row an item. */
const TEXTS: Readonly<Record<FileForm, { head: string; text(order: SentOrder): string }>> = {
  ndjson: { head: '', text: (order) => `${JSON.stringify(order)}\n` },
  csv: {
    head: 'order_number,created_at,total_amount,status,sku,name,quantity,price\n',
    text: ({ order_number, created_at, total_amount, status, items }) =>
      items
        .map(({ sku, name, quantity, price }) =>
          [order_number, created_at, total_amount, status, sku, name, quantity, price].join(),
        )
        .join('\n')
        .concat('\n'),
  },
};

/** Writes a file of so many new orders. */
export async function writeOrdersFile(
  path: string,
  form: FileForm,
  orders: number,
): Promise<OrdersFile> {
  const { head, text } = TEXTS[form];
  let cents = 0;
  function* texts() {
    yield head;
    for (const batch of batches(orders, BATCH)) {
      for (const { total_amount } of batch) cents += Math.round(total_amount * 100);
      yield batch.map(text).join('');
    }
  }
  await pipeline(Readable.from(texts()), createWriteStream(path));
  return { path, orders, cents, megabytes: Math.round(statSync(path).size / 1e6) };
}

/** New orders, so many at a time. */
export function* batches(count: number, size: number): Generator<SentOrder[], void> {
  for (let left = count; left > 0; left -= size) yield newOrders(Math.min(left, size));
}
