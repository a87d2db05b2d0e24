import { isUtf8 } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { DataApiError } from '../errors.ts';

// JSON with whole numbers of 64 bits, which a JavaScript number would round.

/**
 * A `longValue` with more than digits, or with 16 of them. Inside a JSON string its quotes
 * would be escaped, so this finds members only; what is no number in JSON it leaves for the
 * parser to refuse.
 */
const UNUSUAL_LONG_VALUE =
  /("longValue"\s*:\s*)(?=-?\d+[.eE]|-?\d{16})(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?=\s*[,}])/g;

/** Marks such a number; no request can know it. */
const NUMBER = randomUUID();

/**
 * The value of a request's JSON. An unusual `longValue` is for `longOf` to read: looking at every
 * value while parsing would hold up other calls, with many values for a third of a second.
 *
 * @throws {DataApiError} SerializationException
 */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new DataApiError('SerializationException');
  try {
    return JSON.parse(body.toString().replace(UNUSUAL_LONG_VALUE, `$1"${NUMBER}$2"`));
  } catch {
    throw new DataApiError('SerializationException');
  }
}

/**
 * The whole number that a `longValue` says; undefined for another value, and for `1.0` and `1e3`.
 */
export function longOf(value: unknown): bigint | undefined {
  // A few digits; or a member's name was written with escapes, which leaves any number.
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  const text = typeof value === 'string' && value.startsWith(NUMBER) && value.slice(NUMBER.length);
  return text && /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}
