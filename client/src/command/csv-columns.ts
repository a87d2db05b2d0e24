import {
  type Column,
  FIELDS,
  type Field,
  ITEM_FIELDS,
  type Mapping,
  ORDER_FIELDS,
  type Titles,
} from './csv-mapping.ts';
import { InputError } from './input-error.ts';
import { usualPlace } from './usual-titles.ts';

/** Items' columns by the numbers in their titles. */
type Numbered = { readonly byNumber: ReadonlyMap<number, number> };

/**
 * Which column is what: as is said, else by usual titles, which are guesses and to be shown.
 *
 * @param header titles that are trimmed and composed
 * @throws {InputError} when there is no such column, or one that is needed is not known
 */
export function resolveMapping(header: readonly string[], titles: Titles): Mapping {
  const found = new Map<Field, Column | Numbered>();
  for (const field of FIELDS) {
    const title = titles[field];
    if (title === undefined || title === '') continue;
    found.set(field, named(header, field, firstOf(header, title)));
  }
  const said = inOrder(found);
  const taken = new Set(ORDER_FIELDS.flatMap((field) => placesOf(said.get(field))));
  const mapping = new Map<Field, Column>();
  for (const field of FIELDS) {
    const place = titles[field] === undefined ? usualPlace(header, field, taken) : -1;
    const column = place < 0 ? said.get(field) : { places: [place] };
    if (column) mapping.set(field, column);
  }
  assertComplete(mapping, header, titles);
  return mapping;
}

function firstOf(header: readonly string[], title: string | readonly string[]): string {
  const titles = typeof title === 'string' ? [title] : title;
  return titles.find((one) => header.includes(one)) ?? titles[0] ?? '';
}

function named(header: readonly string[], field: Field, said: string): Column | Numbered {
  if (said.startsWith('=')) return { constant: said.slice(1) };
  const title = said.trim().normalize();
  const place = header.indexOf(title);
  if (place >= 0) return { places: [place] };
  const isOfItems = ITEM_FIELDS.some((one) => one === field);
  const byNumber = isOfItems ? numbered(header, title) : undefined;
  if (byNumber) return { byNumber };
  throw new InputError(
    `There is no column "${title}" for ${field}. The columns are: ${header.join(', ')}.`,
  );
}

/** Those of a title with numbers in place of a `#`: of several the first that finds any. */
function numbered(header: readonly string[], title: string): Numbered['byNumber'] | undefined {
  for (const { index } of title.matchAll(/#/g)) {
    const [before, behind] = [title.slice(0, index), title.slice(index + 1)];
    const byNumber = new Map<number, number>();
    for (const [place, one] of header.entries()) {
      if (!one.startsWith(before) || !one.endsWith(behind)) continue;
      const number = one.slice(before.length, one.length - behind.length);
      const isNew = /^\d+$/.test(number) && !byNumber.has(Number(number));
      if (isNew) byNumber.set(Number(number), place);
    }
    if (byNumber.size > 0) return byNumber;
  }
  return undefined;
}

/** Numbered columns as those of one item after the other. */
function inOrder(found: ReadonlyMap<Field, Column | Numbered>): Mapping {
  const all = [...found.values()].flatMap((one) => ('byNumber' in one ? [one.byNumber] : []));
  const numbers = [...new Set(all.flatMap((byNumber) => [...byNumber.keys()]))];
  numbers.sort((one, other) => one - other);
  return new Map(
    [...found].map(([field, column]) => {
      if (!('byNumber' in column)) return [field, column];
      return [field, { places: numbers.map((number) => column.byNumber.get(number) ?? -1) }];
    }),
  );
}

const placesOf = (column: Column | undefined) =>
  column && 'places' in column ? column.places : [];

/** @throws {InputError} */
function assertComplete(mapping: Mapping, header: readonly string[], titles: Titles): void {
  const missing = missingFields(mapping);
  const [example] = missing;
  if (example === undefined) return;
  const isOfItems = ITEM_FIELDS.some((field) => missing.includes(field));
  const guessed = ITEM_FIELDS.filter((field) => mapping.has(field) && titles[field] === undefined);
  const options = guessed.map((field) => `--map ${field}=`).join(' ');
  const orNone = isOfItems && options ? `; or where the orders have no items, ${options}` : '';
  throw new InputError(
    `It is not known which column is ${missing.join(', ')}: say it, as in --map '${example}=TITLE'${orNone}. The columns are: ${header.join(', ')}.`,
  );
}

function missingFields(mapping: Mapping): Field[] {
  const needed: Field[] = ['order_number', 'created_at', 'status'];
  const hasItems = ITEM_FIELDS.some((field) => mapping.has(field));
  if (hasItems) needed.push('sku', 'name', 'quantity');
  if (hasItems && !mapping.has('line_total')) needed.push('price');
  if (!hasItems) needed.push('total_amount');
  return needed.filter((field) => !mapping.has(field));
}
