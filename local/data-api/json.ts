import { isUtf8 } from 'node:buffer';
import { DataApiError } from './errors.ts';

// JSON with whole numbers of 64 bits, which a JavaScript number would round.

/** A `longValue` of 16 digits or more. Inside a JSON string its quotes would be escaped, so this finds
 * members only. */
const LARGE_LONG_VALUE = /("longValue"\s*:\s*)(-?\d{16,})(?=\s*[,}])/g;
const LARGE = '\0';

/**
 * The value of a request's JSON. A large `longValue` is for `largeInteger` to read: looking at every
 * value while parsing would hold up other calls, with many values for a third of a second.
 *
 * @throws {DataApiError} SerializationException
 */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new DataApiError('SerializationException');
  try {
    return JSON.parse(body.toString().replace(LARGE_LONG_VALUE, '$1"\\u0000$2"'));
  } catch {
    throw new DataApiError('SerializationException');
  }
}

/** The whole number that a `longValue` was, where it was too large for a JavaScript number. */
export function largeInteger(value: unknown): bigint | undefined {
  return typeof value === 'string' && value.startsWith(LARGE) ? BigInt(value.slice(1)) : undefined;
}

/** A JSON text that `JSON.stringify` writes as it is. */
export interface RawJson {
  readonly rawJSON: string;
}

/** @see https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/JSON/rawJSON */
export const { rawJSON } = JSON as unknown as { rawJSON(text: string): RawJson };
