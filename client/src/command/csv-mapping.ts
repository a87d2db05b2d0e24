import { InputError } from './input-error.ts';

/** What an order is made of. A `line_total` is a price times its quantity. */
export const ORDER_FIELDS = [
  'order_number',
  'created_at',
  'total_amount',
  'status',
  'updated_at',
] as const;
export const ITEM_FIELDS = ['sku', 'name', 'quantity', 'price', 'line_total'] as const;
export const FIELDS = [...ORDER_FIELDS, ...ITEM_FIELDS] as const;

export type Field = (typeof FIELDS)[number];

/**
 * Of a field a column's title, in which `#` may stand for 1, 2, … where a row has several items;
 * `=` with what it is in every row; or nothing where no column is it. Of several titles it is the
 * first that there is.
 */
export type Titles = { readonly [F in Field]?: string | readonly string[] };

/** Of an item's field what it is where its column is empty. */
export type IfEmpty = { readonly [F in (typeof ITEM_FIELDS)[number]]?: string };

/**
 * Where a field's values are: in columns, one an item where there are several, of which one that
 * is missing has the place -1; or always this.
 */
export type Column = { readonly places: readonly number[] } | { readonly constant: string };

export type Mapping = ReadonlyMap<Field, Column>;

const isField = (name: string): name is Field => FIELDS.some((field) => field === name);

/** @param pairs such as `order_number=Order ID`, `status==paid` for all, `name=` for no column */
export function readTitles(pairs: readonly string[]): Titles {
  const entries = pairs.map((pair) => {
    const [name = '', ...title] = pair.split('=');
    return [name, pair.includes('=') ? title.join('=') : undefined] as const;
  });
  return checkedTitles(eachOnce(entries, '--map'), '--map');
}

/** @param pairs such as `sku=none` @throws {InputError} where one is of no item's field */
export function readIfEmpty(pairs: readonly string[]): IfEmpty {
  const entries = pairs.map((pair) => {
    const [name = '', ...value] = pair.split('=');
    if (!ITEM_FIELDS.some((field) => field === name) || value.join('=') === '') {
      throw new InputError(
        `--if-empty ${pair}: must be one of ${ITEM_FIELDS.join(', ')}, = and a value.`,
      );
    }
    return [name, value.join('=')] as const;
  });
  return eachOnce(entries, '--if-empty');
}

/** @throws {InputError} where a field comes twice: nobody knows which is meant */
function eachOnce(entries: readonly (readonly [string, string | undefined])[], from: string) {
  const fields = Object.fromEntries(entries);
  const twice = entries.find(([name, value]) => fields[name] !== value);
  if (twice) throw new InputError(`${from}: ${twice[0]} is there twice.`);
  return fields;
}

/** @throws {InputError} where something is no title of a field */
export function checkedTitles(titles: unknown, from: string): Titles {
  if (typeof titles !== 'object' || titles === null) {
    throw new InputError(`${from} must have an object of fields with their columns' titles.`);
  }
  for (const [name, title] of Object.entries(titles)) {
    if (!isField(name)) {
      throw new InputError(`${from}: there is no field ${name}; fields are ${FIELDS.join(', ')}.`);
    }
    if (typeof title !== 'string') {
      const forms = "a column's title, = with a value, or nothing behind the first = for no column";
      throw new InputError(`${from}: ${name} needs ${forms}.`);
    }
  }
  return titles;
}

/** The mapping for people, a line a field. */
export function mappingLines(
  mapping: Mapping,
  header: readonly string[],
  ifEmpty: IfEmpty,
): string[] {
  return [...mapping].map(([field, column]) => {
    const from =
      'constant' in column
        ? `always "${column.constant}"`
        : column.places.flatMap((place) => header[place] ?? []).join(', ');
    const other = Object.entries(ifEmpty).find(([name]) => name === field)?.[1];
    return `  ${field.padEnd(13)} ${from}${other === undefined ? '' : `, or "${other}" where it is empty`}`;
  });
}
