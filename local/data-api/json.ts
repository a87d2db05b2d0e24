import { isUtf8 } from 'node:buffer';
import { DataApiError } from './errors.ts';

/** A `longValue` of 16 digits or more may not fit a JavaScript number. Inside a JSON string the quotes
 * would be escaped, so this finds keys only. */
const LARGE_LONG_VALUE = /"longValue"\s*:\s*-?\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * The value of a request's JSON, where whole numbers that a JavaScript number would round are bigints.
 *
 * @throws {DataApiError} SerializationException
 */
export function parseJson(body: Buffer): unknown {
  if (!isUtf8(body)) throw new DataApiError('SerializationException');
  const text = body.toString();
  try {
    // A reviver visits every value, which is slow with many; few requests need one.
    return LARGE_LONG_VALUE.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch {
    throw new DataApiError('SerializationException');
  }
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return INTEGER.test(source) ? BigInt(source) : value;
}

/** A JSON text that `JSON.stringify` writes as it is. */
export interface RawJson {
  readonly rawJSON: string;
}

/** @see https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/JSON/rawJSON */
export const { rawJSON } = JSON as unknown as { rawJSON(text: string): RawJson };
