import { type Chunk, chunksOf } from './chunks.ts';
import type { Journal } from './journal.ts';
import type { OrderFile } from './order-file.ts';
import type { Progress } from './progress.ts';
import { NOTHING_LEFT, type RejectedFile } from './rejected-file.ts';
import { type ChunkResult, type SendOptions, sendChunk } from './send-chunk.ts';

export interface UploadFileOptions extends SendOptions {
  readonly chunkBytes: number;
  /** How many chunks there may be at once, for the time being. */
  readonly parallel: () => number;
  /** What is sent already, and what of it was refused. Neither is there where nothing is stored. */
  readonly journal: Journal | undefined;
  readonly rejected: RejectedFile | undefined;
  readonly show: (progress: Progress) => void;
  /** Told of each chunk, when it is done. */
  readonly done: (result: ChunkResult) => void;
}

/**
 * Sends what has not been sent of a file. Chunks with an order in common go one after the other,
 * in the order of the file; so does everything while `parallel` is 1.
 *
 * @throws what makes it end, when all that is under way has ended, too
 */
export async function uploadFile(file: OrderFile, options: UploadFileOptions): Promise<void> {
  const { journal, rejected, chunkBytes, parallel } = options;
  const startedMs = performance.now();
  const { sizeBytes } = file.source;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  let orders = 0;
  let sentBytes = 0; // as the file lies there, up to the end of the last chunk that is done

  const send = async (chunk: Chunk, readBytes: number) => {
    const result = await sendChunk(chunk, { ...options, signal });
    rejected?.append(result.refused, (left) => journal?.begin(left));
    journal?.add(chunk.place, result, rejected?.content ?? NOTHING_LEFT.kept);
    options.done(result);
    orders += chunk.orders.length;
    sentBytes = Math.max(sentBytes, readBytes);
    const fraction = sizeBytes === undefined ? undefined : Math.min(1, sentBytes / sizeBytes);
    options.show({ fraction, orders, elapsedMs: performance.now() - startedMs });
  };

  const underWay = new Map<Chunk, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const begin = (chunk: Chunk, readBytes: number) => {
    const sending = send(chunk, readBytes)
      .catch((error: unknown) => {
        failure ??= { error };
        stop.abort(error);
      })
      .finally(() => underWay.delete(chunk));
    underWay.set(chunk, sending);
  };
  try {
    for await (const chunk of chunksOf(file.orders(options.user), chunkBytes)) {
      if (journal?.has(chunk.place)) continue;
      const readBytes = file.source.readBytes;
      await rejected?.prepare();
      while (underWay.size >= parallel()) await Promise.race(underWay.values());
      for (const [other, sending] of underWay) {
        if (haveCommon(chunk, other)) await sending;
      }
      if (failure) break;
      options.signal.throwIfAborted();
      begin(chunk, readBytes);
    }
  } finally {
    await Promise.all(underWay.values());
  }
  if (failure) throw failure.error;
}

function haveCommon({ numbers }: Chunk, other: Chunk): boolean {
  for (const number of numbers) if (other.numbers.has(number)) return true;
  return false;
}
