import { DataApiError } from '../errors.ts';

/** A bigint only where a number would lose digits. */
export function exactLong(text: string): number | bigint {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : BigInt(text);
}

/** @throws {DataApiError} UnsupportedResultException for NaN and infinities, which JSON cannot say */
export function finite(text: string): number {
  if (text === 'NaN' || text.endsWith('Infinity'))
    throw new DataApiError(
      'UnsupportedResultException',
      'NaN and Infinity values are not supported',
    );
  return Number(text);
}
