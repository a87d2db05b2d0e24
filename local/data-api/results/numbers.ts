import { DataApiError } from '../errors.ts';

/** All digits of a whole number, also where a JavaScript number would lose some. */
export function exactLong(text: string): number | RawJSON {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : JSON.rawJSON(text);
}

/**
 * @throws {DataApiError} UnsupportedResultException for NaN and infinities, which JSON cannot say
 */
export function finite(text: string): number {
  const value = Number(text); // beyond a double's range it is infinite
  if (!Number.isFinite(value))
    throw new DataApiError(
      'UnsupportedResultException',
      'NaN and Infinity values are not supported',
    );
  return value;
}

/** All digits of a decimal. @throws {DataApiError} as `finite` */
export function exactDecimal(text: string): string {
  if (!/\d/.test(text)) finite(text);
  return text;
}
