import { DataApiError } from '../errors.ts';

/**
 * The JSON of PostgreSQL as the service writes it again: without white space,
 * a name that occurs twice with its last value, numbers with the digits of a double.
 *
 * @throws {DataApiError} InternalFailure for a number beyond a double
 */
export function compactJson(text: string): string {
  return JSON.stringify(JSON.parse(text, refuseInfinity));
}

function refuseInfinity(_name: string, value: unknown): unknown {
  if (value === Infinity || value === -Infinity) throw new DataApiError('InternalFailure');
  return value;
}
