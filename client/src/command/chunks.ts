import type { FileOrder, SendableOrder } from './file-order.ts';

/** Orders that are sent in one request, and those beside them that cannot be sent. */
export interface Chunk {
  /** Its place in the file, from 0. */
  readonly place: number;
  readonly orders: readonly FileOrder[];
  /** Composed, as the service compares them. */
  readonly numbers: ReadonlySet<string>;
}

const MAX_ORDERS = 10_000;

/**
 * A file's orders in chunks of so many bytes, always the same of the same file. One that comes
 * again begins a chunk, since no request may have a number twice.
 */
export async function* chunksOf(
  orders: AsyncIterable<FileOrder>,
  maxBytes: number,
): AsyncGenerator<Chunk, void> {
  let place = 0;
  let members: FileOrder[] = [];
  let numbers = new Set<string>();
  let bytes = 0;
  for await (const order of orders) {
    const number = numberOf(order.order);
    const orderBytes = Buffer.byteLength(order.order?.json ?? order.raw) + 1;
    const isFull = bytes + orderBytes > maxBytes || members.length === MAX_ORDERS;
    if (members.length > 0 && (isFull || (number !== undefined && numbers.has(number)))) {
      yield { place, orders: members, numbers };
      place += 1;
      members = [];
      numbers = new Set();
      bytes = 0;
    }
    members.push(order);
    if (number !== undefined) numbers.add(number);
    bytes += orderBytes;
  }
  if (members.length > 0) yield { place, orders: members, numbers };
}

const numberOf = (order: SendableOrder | undefined) => order?.order_number.normalize();
