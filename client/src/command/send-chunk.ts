import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { ConflictError, InvalidRequestError, type ProblemEntry, TooLargeError } from '../errors.ts';
import type { Transport } from '../transport.ts';
import { type Gzip, packed, uploadJson } from '../upload-body.ts';
import { STORED, type UploadResult } from '../uploads.ts';
import type { Chunk } from './chunks.ts';
import type { FileOrder, OrderError, SendableOrder } from './file-order.ts';

/** What became of a chunk. */
export interface ChunkResult {
  readonly stored: Pick<
    UploadResult,
    'orders_created' | 'orders_updated' | 'orders_unchanged' | 'orders_stale'
  >;
  readonly totalCents: bigint;
  readonly refused: readonly FileOrder[];
}

export interface SendOptions {
  readonly transport: Transport;
  readonly user: string;
  /** By which the requests of one run are told from those of another. */
  readonly run: string;
  /** Nothing is stored. */
  readonly isTrial: boolean;
  readonly signal: AbortSignal;
}

const NOTHING = { orders_created: 0, orders_updated: 0, orders_unchanged: 0, orders_stale: 0 };

/** Takes some 15 MB less than the web's streams, at 4 chunks at once. */
const nodeGzip: Gzip = async (bytes) => new Uint8Array(await promisify(gzip)(bytes));

type Good = FileOrder & { readonly order: SendableOrder };

/** Sends a chunk's orders, without those that are refused. */
export async function sendChunk(
  { place, orders }: Chunk,
  options: SendOptions,
): Promise<ChunkResult> {
  const refused = orders.filter(({ order }) => order === undefined);
  let left = orders.filter((one): one is Good => one.order !== undefined);
  while (left.length > 0) {
    try {
      const stored = await send(place, left, options);
      const totalCents = left.reduce((sum, { order }) => sum + (order.totalCents ?? 0n), 0n);
      return { stored, totalCents, refused };
    } catch (error) {
      const errorsOf = refusedOrders(error, left);
      if (errorsOf.size === 0) throw error;
      for (const [one, errors] of errorsOf) refused.push({ ...one, errors });
      left = left.filter((one) => !errorsOf.has(one));
    }
  }
  return { stored: NOTHING, totalCents: 0n, refused };
}

/** A file may have the same chunk again: the place tells it from a repetition of the first one. */
async function send(
  place: number,
  orders: readonly Good[],
  options: SendOptions,
): Promise<UploadResult> {
  const { transport, user, run, isTrial, signal } = options;
  const json = uploadJson(
    user,
    orders.map(({ order }) => order.json),
  );
  const { headers, body } = await packed(json, nodeGzip);
  const path = '/api/orders/upload';
  const answer = { user, has: STORED };
  if (isTrial) {
    const query = new URLSearchParams({ dry_run: 'true' });
    return transport.send({ method: 'POST', path, query, headers, body, answer }, signal);
  }
  const digest = createHash('sha256').update(json).digest('hex');
  const key = { 'idempotency-key': `${run}-${place}-${digest}` };
  return transport.send(
    { method: 'POST', path, headers: { ...headers, ...key }, body, answer },
    signal,
  );
}

/** Which of the orders an answer names, and what it says of each; none where it is of no order. */
function refusedOrders(error: unknown, orders: readonly Good[]): Map<Good, OrderError[]> {
  const refused = new Map<Good, OrderError[]>();
  const [only, ...others] = orders;
  if (error instanceof TooLargeError && only && others.length === 0) {
    return refused.set(only, [{ code: 'too_large', detail: 'Is more than one request may have.' }]);
  }
  if (!(error instanceof InvalidRequestError || error instanceof ConflictError)) return refused;
  const byNumber = new Map(orders.map((one) => [one.order.order_number.normalize(), one]));
  for (const entry of error.entries) {
    const [, place] = /^\/orders\/(\d+)/.exec(entry.pointer ?? '') ?? [];
    const number = entry.order_number?.normalize() ?? '';
    const one = place === undefined ? byNumber.get(number) : orders[Number(place)];
    if (!one) return new Map();
    refused.set(one, [...(refused.get(one) ?? []), orderError(entry)]);
  }
  return refused;
}

/** The pointer is into the order, since it stands alone where it is given back. */
function orderError({ pointer, code, detail, value }: ProblemEntry): OrderError {
  const field = pointer?.replace(/^\/orders\/\d+\/?/, '');
  return { code, detail, ...(field && { field }), ...(value !== undefined && { value }) };
}
