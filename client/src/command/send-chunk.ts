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

const NOTHING: ChunkResult = {
  stored: { orders_created: 0, orders_updated: 0, orders_unchanged: 0, orders_stale: 0 },
  totalCents: 0n,
  refused: [],
};

/** What a body is refused for as a whole, whichever of its orders has or makes that. */
const OF_WHOLE = new Set(['too_many_values', 'invalid_utf8', 'answer_too_large']);

/** Takes some 15 MB less than the web's streams, at 4 chunks at once. */
const nodeGzip: Gzip = async (bytes) => new Uint8Array(await promisify(gzip)(bytes));

type Good = FileOrder & { readonly order: SendableOrder };

/** Sends a chunk's orders, without those that are refused. */
export async function sendChunk(
  { place, orders }: Chunk,
  options: SendOptions,
): Promise<ChunkResult> {
  const refused = orders.filter(({ order }) => order === undefined);
  const good = orders.filter((one): one is Good => one.order !== undefined);
  const result = await sendGood(place, good, options);
  return { ...result, refused: [...refused, ...result.refused] };
}

async function sendGood(
  place: number,
  orders: readonly Good[],
  options: SendOptions,
): Promise<ChunkResult> {
  const refused: FileOrder[] = [];
  let left = orders;
  while (left.length > 0) {
    try {
      const stored = await send(place, left, options);
      const totalCents = left.reduce((sum, { order }) => sum + (order.totalCents ?? 0n), 0n);
      return { stored, totalCents, refused };
    } catch (error) {
      if (left.length > 1 && isOfWhole(error)) {
        const half = Math.ceil(left.length / 2);
        const one = await sendGood(place, left.slice(0, half), options);
        const other = await sendGood(place, left.slice(half), options);
        return together({ ...NOTHING, refused }, one, other);
      }
      const errorsOf = refusedOrders(error, left);
      if (errorsOf.size === 0) throw error;
      for (const [one, errors] of errorsOf) refused.push({ ...one, errors });
      left = left.filter((one) => !errorsOf.has(one));
    }
  }
  return { ...NOTHING, refused };
}

function together(...results: readonly ChunkResult[]): ChunkResult {
  const sum = (field: keyof ChunkResult['stored']) =>
    results.reduce((count, { stored }) => count + stored[field], 0);
  return {
    stored: {
      orders_created: sum('orders_created'),
      orders_updated: sum('orders_updated'),
      orders_unchanged: sum('orders_unchanged'),
      orders_stale: sum('orders_stale'),
    },
    totalCents: results.reduce((cents, { totalCents }) => cents + totalCents, 0n),
    refused: results.flatMap((one) => one.refused),
  };
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

/** Whether orders are refused without a word which: sent by halves, it is found out. */
function isOfWhole(error: unknown): boolean {
  if (!(error instanceof InvalidRequestError)) return false;
  const { entries } = error;
  return entries.length > 0 && entries.every(({ pointer, code }) => !pointer && OF_WHOLE.has(code));
}

/** Which of the orders an answer names, and what it says of each; none where it is of no order. */
function refusedOrders(error: unknown, orders: readonly Good[]): Map<Good, OrderError[]> {
  const refused = new Map<Good, OrderError[]>();
  const [only, ...others] = orders;
  if (error instanceof TooLargeError && only && others.length === 0) {
    return refused.set(only, [{ code: 'too_large', detail: 'Is more than one request may have.' }]);
  }
  if (isOfWhole(error) && only) {
    return refused.set(only, (error as InvalidRequestError).entries.map(orderError));
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
