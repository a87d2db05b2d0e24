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

export type Field = (typeof ORDER_FIELDS)[number] | (typeof ITEM_FIELDS)[number];

/**
 * Of a field a column's title, in which `#` may stand for 1, 2, … where a row has several items;
 * or `=` with what it is in every row. Of several titles it is the first that there is.
 */
export type Titles = { readonly [F in Field]?: string | readonly string[] };

/** Of an item's field what it is where its column is empty. */
export type IfEmpty = { readonly [F in (typeof ITEM_FIELDS)[number]]?: string };

/** Where a field's values are: in columns, one an item where there are several, or always this. */
export type Column = { readonly places: readonly number[] } | { readonly constant: string };

export type Mapping = ReadonlyMap<Field, Column>;

const isField = (name: string): name is Field =>
  [...ORDER_FIELDS, ...ITEM_FIELDS].some((field) => field === name);

/** @param pairs such as `order_number=Order ID`, or `status==paid` for what no column has */
export function readTitles(pairs: readonly string[]): Titles {
  const entries = pairs.map((pair) => {
    const [name = '', ...title] = pair.split('=');
    return [name, title.join('=')] as const;
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
function eachOnce(entries: readonly (readonly [string, string])[], from: string) {
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
      const fields = [...ORDER_FIELDS, ...ITEM_FIELDS].join(', ');
      throw new InputError(`${from}: there is no field ${name}; fields are ${fields}.`);
    }
    if (typeof title !== 'string' || title === '') {
      throw new InputError(`${from}: ${name} needs a column's title, or = with a value.`);
    }
  }
  return titles;
}

/** How titles are written where they are not named after the fields, as `plain` makes them. */
const USUAL: { readonly [F in Field]?: readonly string[] } = {
  order_number: [
    'ordernumber',
    'orderid',
    'order',
    'orderno',
    'number',
    'номерзаказа',
    'номер',
    'заказ',
  ],
  created_at: [
    'createdat',
    'orderdate',
    'date',
    'purchasedate',
    'datecreated',
    'дата',
    'датазаказа',
  ],
  total_amount: [
    'totalamount',
    'ordertotal',
    'total',
    'ordertotalamount',
    'сумма',
    'суммазаказа',
    'итого',
  ],
  status: ['status', 'orderstatus', 'financialstatus', 'статус', 'состояние'],
  updated_at: ['updatedat', 'lastupdateddate', 'datemodified', 'изменен'],
  sku: ['sku', 'lineitemsku', 'productsku', 'артикул'],
  name: [
    'name',
    'productname',
    'itemname',
    'lineitemname',
    'товар',
    'номенклатура',
    'наименование',
  ],
  quantity: ['quantity', 'qty', 'lineitemquantity', 'quantitypurchased', 'количество', 'колво'],
  price: ['price', 'unitprice', 'itemcost', 'lineitemprice', 'цена'],
};

const plain = (title: string) => title.toLowerCase().replaceAll(/[^\p{L}\p{N}#]/gu, '');

/**
 * Which column is what: as is said, else by usual titles, which are guesses and to be shown.
 *
 * @throws {InputError} when there is no such column, or one that is needed is not known
 */
export function resolveMapping(header: readonly string[], titles: Titles): Mapping {
  const mapping = new Map<Field, Column>();
  for (const field of [...ORDER_FIELDS, ...ITEM_FIELDS]) {
    const title = titles[field];
    const column =
      title === undefined ? guessed(header, field) : named(header, field, firstOf(header, title));
    if (column) mapping.set(field, column);
  }
  const missing = missingFields(mapping);
  if (missing.length > 0) {
    const [example] = missing;
    throw new InputError(
      `It is not known which column is ${missing.join(', ')}: say it, as in --map '${example}=TITLE'. The columns are: ${header.join(', ')}.`,
    );
  }
  return mapping;
}

function firstOf(header: readonly string[], title: string | readonly string[]): string {
  if (typeof title === 'string') return title;
  return title.find((one) => header.includes(one)) ?? title[0] ?? '';
}

function named(header: readonly string[], field: Field, title: string): Column {
  if (title.startsWith('=')) return { constant: title.slice(1) };
  const titles = title.includes('#')
    ? header.map((_, i) => title.replace('#', String(i + 1))).filter((one) => header.includes(one))
    : [title];
  const places = titles.map((one) => header.findIndex((other) => other.trim() === one.trim()));
  if (places.length > 0 && !places.includes(-1)) return { places };
  throw new InputError(
    `There is no column "${title}" for ${field}. The columns are: ${header.join(', ')}.`,
  );
}

function guessed(header: readonly string[], field: Field): Column | undefined {
  const usual = [plain(field), ...(USUAL[field] ?? [])];
  const place = header.findIndex((title) => usual.includes(plain(title)));
  return place < 0 ? undefined : { places: [place] };
}

function missingFields(mapping: Mapping): Field[] {
  const needed: Field[] = ['order_number', 'created_at', 'status'];
  const hasItems = ITEM_FIELDS.some((field) => mapping.has(field));
  if (hasItems) needed.push('sku', 'name', 'quantity');
  if (hasItems && !mapping.has('line_total')) needed.push('price');
  if (!hasItems) needed.push('total_amount');
  return needed.filter((field) => !mapping.has(field));
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
        : column.places.map((place) => header[place]).join(', ');
    const other = Object.entries(ifEmpty).find(([name]) => name === field)?.[1];
    return `  ${field.padEnd(13)} ${from}${other === undefined ? '' : `, or "${other}" where it is empty`}`;
  });
}
