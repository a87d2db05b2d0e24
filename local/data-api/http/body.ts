import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { DataApiError } from '../errors.ts';
import { REQUEST_BYTES } from '../limits.ts';

export interface ReceivedBody {
  readonly bytes: Buffer;
  /** SHA-256 in hexadecimal, as SigV4 wants it. */
  readonly sha256: string;
}

/**
 * The whole body, hashed while it comes so that a large one does not hold up the other calls.
 *
 * @throws {DataApiError} RequestEntityTooLargeException when body and headers
 * together are over 4 MiB
 */
export async function receiveBody(request: IncomingMessage): Promise<ReceivedBody> {
  const chunks: Buffer[] = [];
  const hash = createHash('sha256');
  let size = headerBytes(request);
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to the end: the client listens only after it has sent.
    if (size > REQUEST_BYTES) continue;
    chunks.push(chunk);
    hash.update(chunk);
  }
  if (size > REQUEST_BYTES)
    throw new DataApiError(
      'RequestEntityTooLargeException',
      `The request is larger than ${REQUEST_BYTES} bytes.`,
    );
  return { bytes: Buffer.concat(chunks), sha256: hash.digest('hex') };
}

function headerBytes({ rawHeaders }: IncomingMessage): number {
  const SEPARATORS_BYTES = 2; // `: ` after a name, a line break after a value
  return rawHeaders.reduce((sum, text) => sum + text.length + SEPARATORS_BYTES, 0);
}
