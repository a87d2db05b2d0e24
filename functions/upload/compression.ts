import { gunzipSync } from 'node:zlib';
import { Problem } from '../shared/problem.ts';
import { badBody } from './bad-body.ts';

/** The content type with which API Gateway hands a body over byte by byte. */
export const BINARY_TYPE = 'application/octet-stream';

const FIRST_OF_GZIP = 0x1f; // no JSON begins with it
const SECOND_OF_GZIP = 0x8b; // never comes alone in UTF-8: taken for text it becomes U+FFFD

/** Whether `Content-Encoding` says gzip. @throws {Problem} 415 when it says something else */
export function saysGzip(contentEncoding = ''): boolean {
  const encodings = contentEncoding
    .toLowerCase()
    .split(',')
    .map((encoding) => encoding.trim())
    .filter((encoding) => encoding !== '' && encoding !== 'identity');
  if (encodings.length === 0) return false;
  if (encodings.length === 1 && /^(x-)?gzip$/.test(encodings[0] ?? '')) return true;
  throw new Problem(415, {
    detail: 'Send the body as it is or with Content-Encoding: gzip.',
    headers: { 'accept-encoding': 'gzip' },
  });
}

export const isGzip = (bytes: Uint8Array) =>
  bytes[0] === FIRST_OF_GZIP && bytes[1] === SECOND_OF_GZIP;

/**
 * The body as it was before compression. Its first bytes decide, not the header:
 * something on the way may have decompressed it and left the header on.
 *
 * @throws {Problem} 400 for gzip that is broken or was taken for text, 413 for what is too large
 */
export function decompressed(bytes: Buffer, maxBytes: number): Buffer {
  if (bytes[0] === FIRST_OF_GZIP && !isGzip(bytes)) throw takenForText();
  const plain = isGzip(bytes) ? gunzip(bytes, maxBytes) : bytes;
  if (plain !== bytes && plain && isGzip(plain)) {
    throw badBody('invalid_gzip', 'The body was compressed with gzip twice: compress it once.');
  }
  if (plain && plain.length <= maxBytes) return plain;
  throw new Problem(413, {
    detail: `A body may have ${maxBytes} bytes (${maxBytes / 2 ** 20} MiB) when it is decompressed. Send the orders in several uploads.`,
  });
}

/** `undefined` when it is too large, which is found before it is whole. */
function gunzip(bytes: Buffer, maxOutputLength: number): Buffer | undefined {
  try {
    return gunzipSync(bytes, { maxOutputLength });
  } catch (error) {
    if (isTooLarge(error)) return undefined;
    throw badBody('invalid_gzip', 'The body is broken gzip data, or not all of it.');
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}

function takenForText(): Problem {
  return badBody(
    'invalid_gzip',
    `The gzip data was taken for text on its way here and cannot be restored. Send it with Content-Type: ${BINARY_TYPE} and Content-Encoding: gzip.`,
  );
}
