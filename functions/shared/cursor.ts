import type { QueryString } from './query-string.ts';

/** A place in a list as text that nobody is tempted to make by hand; `readPage` reads it. */
export function writeCursor(place: string): string {
  return Buffer.from(place).toString('base64url');
}

/** The place that a cursor was written of; `undefined` for what is no cursor. */
export function readCursor(cursor: string): string | undefined {
  const place = Buffer.from(cursor, 'base64url').toString();
  return writeCursor(place) === cursor ? place : undefined;
}

/** How many a page of the API's lists has where `limit` is not sent, and at most. */
export const PAGE = { limit: 100, maxLimit: 500 } as const;

/** A page of a list, as its parameters `after` and `limit` say. */
export interface AskedPage {
  /** The place of what comes before it. @default it is the first */
  readonly after: string | undefined;
  readonly limit: number;
}

/**
 * @param isPlace whether a text is a place in this list
 * @param limits how many a page has where `limit` is not sent, and at most
 */
export function readPage(
  query: QueryString,
  isPlace: (text: string) => boolean,
  limits: { readonly limit: number; readonly maxLimit: number },
): AskedPage {
  return { after: readAfter(query, isPlace), limit: readLimit(query, limits) };
}

function readAfter(query: QueryString, isPlace: (text: string) => boolean): string | undefined {
  const cursor = query.one('after');
  if (!cursor) return undefined;
  const place = readCursor(cursor);
  if (place !== undefined && isPlace(place)) return place;
  query.fail('after', 'invalid_cursor', 'Must be the `next` of the page before.');
  return undefined;
}

function readLimit(
  query: QueryString,
  { limit, maxLimit }: { readonly limit: number; readonly maxLimit: number },
): number {
  const text = query.one('limit');
  if (!text) return limit;
  const asked = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (asked >= 1 && asked <= maxLimit) return asked;
  query.fail('limit', 'out_of_range', `Must be a whole number from 1 to ${maxLimit}.`);
  return limit;
}
