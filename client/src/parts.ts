import type { NewOrder } from './orders.ts';
import { orderJson } from './upload-body.ts';

/** Orders that go in one request. */
export interface Part {
  /** How many orders come before it. */
  readonly first: number;
  /** Each as JSON. */
  readonly orders: readonly string[];
}

/**
 * As many bytes as one request may have, however badly they compress: base64 makes 5.6 MB of them,
 * and the service's function is handed 6 MiB at most.
 */
export const MAX_PART_BYTES = 4 * 1024 * 1024;

/** Some thousand orders: a second's work for the service, and little to send again. */
export const PART_BYTES = 2 * 1024 * 1024;

const utf8 = new TextEncoder();

/**
 * Orders in parts of so many bytes of JSON at most, in their order. One that is larger is a part of
 * its own; one that comes again begins a part, since no request may have a number twice.
 */
export async function* inParts(
  orders: Iterable<NewOrder> | AsyncIterable<NewOrder>,
  maxBytes: number,
): AsyncGenerator<Part> {
  let first = 0;
  let part: string[] = [];
  let bytes = 0;
  const numbers = new Set<string>();
  for await (const order of orders) {
    const json = orderJson(order);
    const orderBytes = utf8.encode(json).length + 1; // and a comma
    const number = order.order_number.normalize(); // as the service compares them
    if (part.length > 0 && (bytes + orderBytes > maxBytes || numbers.has(number))) {
      yield { first, orders: part };
      first += part.length;
      part = [];
      bytes = 0;
      numbers.clear();
    }
    part.push(json);
    bytes += orderBytes;
    numbers.add(number);
  }
  if (part.length > 0) yield { first, orders: part };
}
