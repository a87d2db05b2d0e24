import { amountText } from './amounts.ts';
import type { NewItem, NewOrder } from './orders.ts';

/** What an upload sends, with the headers that say what it is. */
export interface UploadBody {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** An order as JSON, what the service does not know left out. */
export function orderJson(order: NewOrder): string {
  const { order_number, created_at, total_amount, status, updated_at, items } = order;
  return JSON.stringify({
    order_number,
    created_at,
    total_amount: amountText(total_amount),
    status,
    updated_at,
    items: items.map(plainItem),
  });
}

const plainItem = ({ sku, name, quantity, price }: NewItem) => ({
  sku,
  name,
  quantity,
  price: amountText(price),
});

/** The bytes of an upload of orders that are JSON already. */
export function uploadJson(user: string, orders: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`{"user":${JSON.stringify(user)},"orders":[${orders.join()}]}`);
}

/** Smaller bodies are not worth compressing. */
const SMALL_BYTES = 1_024;

/** What compresses bytes. */
export type Gzip = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Compressed, a body is about a tenth. It goes as `application/octet-stream`, since API Gateway
 * takes it for text by its content type alone; and uncompressed under a type of its own, since as
 * `application/json` every quotation mark of a large body would count twice.
 *
 * @param gzip by default the web's, where there is one
 */
export async function packed(
  json: Uint8Array<ArrayBuffer>,
  gzip: Gzip | undefined = typeof CompressionStream === 'undefined' ? undefined : webGzip,
): Promise<UploadBody> {
  if (json.length < SMALL_BYTES) {
    return { headers: { 'content-type': 'application/json' }, body: json };
  }
  if (!gzip) {
    return { headers: { 'content-type': 'application/vnd.order-analytics+json' }, body: json };
  }
  return {
    headers: { 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' },
    body: await gzip(json),
  };
}

async function webGzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const zipped = new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'));
  return new Uint8Array(await new Response(zipped).arrayBuffer());
}
