import {
  type Column,
  type Field,
  type IfEmpty,
  type Mapping,
  ORDER_FIELDS,
} from './csv-mapping.ts';
import type { CsvRow } from './csv-rows.ts';
import { amountForm, readAmount, timeReader, type ValueRules } from './csv-values.ts';
import { amountOf, centsOf, type FileOrder, type OrderError } from './file-order.ts';

/** Reads fields of rows, as a mapping and rules have it. */
export class RowReader {
  readonly #mapping: Mapping;
  readonly #header: readonly string[];
  readonly #rules: ValueRules;
  readonly #time: (value: string) => string | undefined;
  /** Put before every order's number. */
  readonly #prefix: string;
  readonly #ifEmpty: IfEmpty;

  constructor(
    mapping: Mapping,
    header: readonly string[],
    { prefix, ifEmpty, ...rules }: ValueRules & { readonly prefix: string; ifEmpty: IfEmpty },
  ) {
    this.#mapping = mapping;
    this.#header = header;
    this.#rules = rules;
    this.#time = timeReader(rules);
    this.#prefix = prefix;
    this.#ifEmpty = ifEmpty;
  }

  /** How many items a row has columns for. */
  get itemsInRow(): number {
    return Math.max(
      1,
      ...[...this.#mapping.values()].map((one) => ('places' in one ? one.places.length : 1)),
    );
  }

  get hasItems(): boolean {
    return this.has('sku');
  }

  get columnsCount(): number {
    return this.#header.length;
  }

  has(field: Field): boolean {
    return this.#mapping.has(field);
  }

  /** Empty where there is none. */
  orderNumber(row: CsvRow): string {
    const number = this.value(row, 'order_number');
    return number === '' ? '' : `${this.#prefix}${number}`;
  }

  /** @param nth which item's, from 0 */
  value({ record }: CsvRow, field: Field, nth = 0): string {
    const column = this.#mapping.get(field);
    if (!column) return '';
    if ('constant' in column) return column.constant;
    return (record[placeOf(column, nth)] ?? '').trim();
  }

  /** The same of an item, or what it is where that is empty. */
  itemValue(row: CsvRow, field: keyof IfEmpty, nth: number): string {
    return this.value(row, field, nth) || (this.#ifEmpty[field] ?? '');
  }

  /** Whether a row has nothing that is the order's own, so that it goes on with the one before. */
  hasNoOrder(row: CsvRow): boolean {
    return ORDER_FIELDS.every((field) => {
      const column = this.#mapping.get(field);
      return !column || 'constant' in column || this.value(row, field) === '';
    });
  }

  /** Which column a field is in, for messages. */
  title(field: Field, nth = 0): string {
    const column = this.#mapping.get(field);
    return column && 'places' in column ? (this.#header[placeOf(column, nth)] ?? field) : field;
  }

  amount(value: string): string | undefined {
    return readAmount(value, this.#rules);
  }

  time(value: string): string | undefined {
    return this.#time(value);
  }

  get rules(): ValueRules {
    return this.#rules;
  }
}

const placeOf = ({ places }: Extract<Column, { places: unknown }>, nth: number) =>
  places[Math.min(nth, places.length - 1)] ?? -1;

/** The order that rows are about. */
export function orderOfRows(rows: readonly CsvRow[], reader: RowReader): FileOrder {
  const errors: OrderError[] = [];
  const [first] = rows;
  if (!first) throw new Error('An order has a row.');
  const wrong = rows.find(({ record }) => record.length !== reader.columnsCount);
  if (wrong) {
    errors.push({
      code: 'wrong_columns',
      detail: `Line ${wrong.line} has ${wrong.record.length} columns, the header has ${reader.columnsCount}.`,
    });
  }
  const order_number = reader.orderNumber(first);
  const items = reader.hasItems ? rows.flatMap((row) => itemsOf(row, reader, errors)) : [];
  const total = totalOf(rows, reader, items, errors);
  const order = {
    order_number,
    created_at: timeOf(rows, 'created_at', reader, errors),
    total_amount: total,
    status: shared(rows, 'status', reader, errors),
    ...(reader.has('updated_at') && { updated_at: timeOf(rows, 'updated_at', reader, errors) }),
    items: items.map(({ lineCents: _, ...item }) => item),
  };
  const isGood = errors.length === 0;
  return {
    line: first.line,
    column: 1,
    raw: rows.map(({ raw }) => raw).join(''),
    order: isGood
      ? { order_number, json: JSON.stringify(order), totalCents: centsOf(total) }
      : undefined,
    errors,
  };
}

/** An order's value, which its first row has; its others have the same or nothing. */
function shared(
  rows: readonly CsvRow[],
  field: Field,
  reader: RowReader,
  errors: OrderError[],
): string {
  const values = rows.map((row) => reader.value(row, field));
  const [first = ''] = values;
  const other = values.findIndex((value) => value !== '' && value !== first);
  if (other > 0) {
    errors.push({
      code: 'contradiction',
      detail: `Line ${rows[other]?.line} has another value for the same order than its first line, ${first}.`,
      field: reader.title(field),
      value: values[other] ?? '',
    });
  }
  return first;
}

function timeOf(
  rows: readonly CsvRow[],
  field: 'created_at' | 'updated_at',
  reader: RowReader,
  errors: OrderError[],
): string | undefined {
  const value = shared(rows, field, reader, errors);
  if (value === '' && field === 'updated_at') return undefined;
  const time = reader.time(value);
  if (time !== undefined) return time;
  const { dateFormat, timeZone } = reader.rules;
  const form = dateFormat ?? 'YYYY-MM-DD HH:mm:ss';
  const zone = timeZone === undefined ? 'an offset, or a --time-zone that is named' : timeZone;
  errors.push({
    code: 'invalid_date_time',
    detail: `Must be a time as ${form} (--date-format) with ${zone}.`,
    field: reader.title(field),
    value,
  });
  return undefined;
}

interface CsvItem {
  readonly sku: string;
  readonly name: string;
  readonly quantity: string;
  readonly price: string;
  readonly lineCents: bigint | undefined;
}

function itemsOf(row: CsvRow, reader: RowReader, errors: OrderError[]): CsvItem[] {
  const items: CsvItem[] = [];
  for (let nth = 0; nth < reader.itemsInRow; nth += 1) {
    const fields = ['sku', 'name', 'quantity'] as const;
    if (fields.every((field) => !reader.value(row, field, nth))) continue; // it has fewer
    const [sku, name, quantity] = fields.map((field) => reader.itemValue(row, field, nth));
    const amount = quantity === undefined ? undefined : reader.amount(quantity);
    if (amount === undefined || !/^\d+(?:\.0+)?$/.test(amount)) {
      errors.push(badQuantity(row.line, quantity ?? '', reader, nth));
    }
    const item = { sku: sku ?? '', name: name ?? '', quantity: amount ?? '' };
    items.push({ ...item, ...priceOf(row, nth, Number(amount), reader, errors) });
  }
  return items;
}

function badQuantity(line: number, value: string, reader: RowReader, nth: number): OrderError {
  const { rules } = reader;
  const hasOddPoint = rules.decimalComma && /^[^,]*\.[^,]*$/.test(value);
  const form = hasOddPoint ? amountForm(value, rules) : 'must be a whole number';
  const detail = `Line ${line}: ${form}.`;
  return { code: 'out_of_range', detail, field: reader.title('quantity', nth), value };
}

/** The price of one, to cents, half away from zero where a line's total is given. */
function priceOf(
  row: CsvRow,
  nth: number,
  quantity: number,
  reader: RowReader,
  errors: OrderError[],
): { readonly price: string; readonly lineCents: bigint | undefined } {
  const field = reader.has('line_total') ? 'line_total' : 'price';
  const value = reader.itemValue(row, field, nth);
  const amount = reader.amount(value);
  const cents = centsOf(amount);
  if (amount === undefined || cents === undefined) {
    errors.push({ ...badAmount(row.line, value, reader), field: reader.title(field, nth), value });
    return { price: '', lineCents: undefined };
  }
  if (!Number.isInteger(quantity)) return { price: amount, lineCents: undefined };
  const count = BigInt(quantity);
  if (field === 'price') return { price: amount, lineCents: cents * count };
  if (count === 0n) return { price: amount, lineCents: cents };
  const [sign, size] = cents < 0n ? [-1n, -cents] : [1n, cents];
  return { price: amountOf((sign * (2n * size + count)) / (2n * count)), lineCents: cents };
}

function badAmount(line: number, value: string, { rules }: RowReader): OrderError {
  return { code: 'invalid_amount', detail: `Line ${line}: ${amountForm(value, rules)}.` };
}

/** As it is given, or what the items come to where there is no column for it. */
function totalOf(
  rows: readonly CsvRow[],
  reader: RowReader,
  items: readonly CsvItem[],
  errors: OrderError[],
): string | undefined {
  if (!reader.has('total_amount')) {
    return amountOf(items.reduce((sum, { lineCents = 0n }) => sum + lineCents, 0n));
  }
  const value = shared(rows, 'total_amount', reader, errors);
  const amount = reader.amount(value);
  if (amount !== undefined) return amount;
  const line = rows[0]?.line ?? 1;
  errors.push({ ...badAmount(line, value, reader), field: reader.title('total_amount'), value });
  return undefined;
}
