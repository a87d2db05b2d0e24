import { type RawBuilder, sql } from 'kysely';
import { textArray } from '../uploads/array-literals.ts';

/** How an order number may be stored: first as it is asked for. */
export type Spellings = readonly string[];

/**
 * The spellings of several numbers, as rows of a `text` and its number's `place`.
 *
 * @param from the place of the first number that is looked at
 */
export function spellingRows(numbers: readonly Spellings[], from = 0): RawBuilder<unknown> {
  const asked = numbers
    .map((spellings, place) => spellings.map((text) => ({ text, place })))
    .slice(from)
    .flat();
  const places = `{${asked.map(({ place }) => place).join()}}`;
  return sql`unnest(${textArray(asked.map(({ text }) => text))}::text[], ${places}::integer[])`;
}
