import type { IncomingMessage } from 'node:http';

/** The browser closed the connection: nobody is there to be told anything. */
export class ReaderGoneError extends Error {
  override readonly name = 'ReaderGoneError';
}

/**
 * The whole body, or `undefined` when it is larger.
 *
 * @throws {ReaderGoneError} when it ends before its end
 */
export async function readBody(
  message: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of message) {
      sizeBytes += chunk.length;
      if (sizeBytes <= maxBytes) chunks.push(chunk);
    }
  } catch (cause) {
    throw new ReaderGoneError('The request ended before its end.', { cause });
  }
  return sizeBytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}
