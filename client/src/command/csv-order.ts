import type { Field } from './csv-mapping.ts';
import type { RowReader } from './csv-reader.ts';
import type { CsvRow } from './csv-rows.ts';
import { amountForm } from './csv-values.ts';
import { amountOf, centsOf, type FileOrder, type OrderError } from './file-order.ts';

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
  const other = values.findIndex(
    (value) => value !== '' && value.normalize() !== first.normalize(),
  );
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
    if (!reader.hasItem(row, nth)) continue; // it has fewer
    const [sku, name] = [reader.itemValue(row, 'sku', nth), reader.itemValue(row, 'name', nth)];
    const value = reader.itemValue(row, 'quantity', nth);
    const quantity = reader.amount(value);
    if (quantity === undefined || !/^\d+(?:\.0+)?$/.test(quantity)) {
      errors.push(badQuantity(row.line, value, reader, nth));
    }
    const price = priceOf(row, nth, Number(quantity), reader, errors);
    items.push({ sku, name, quantity: quantity ?? '', ...price });
  }
  return items;
}

function badQuantity(line: number, value: string, reader: RowReader, nth: number): OrderError {
  const { rules } = reader;
  const hasOddPoint = rules.decimalComma && /^[^,]*\.[^,]*$/.test(value);
  const form = hasOddPoint ? amountForm(value, rules) : 'must be a whole number';
  const detail = `Line ${line}: ${form}${ifEmptyHint(value, 'quantity=1')}.`;
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
    const hint = ifEmptyHint(value, `${field}=0.00`);
    const error = badAmount(row.line, value, reader, hint);
    errors.push({ ...error, field: reader.title(field, nth), value });
    return { price: '', lineCents: undefined };
  }
  if (!Number.isInteger(quantity)) return { price: amount, lineCents: undefined };
  const count = BigInt(quantity);
  if (field === 'price') return { price: amount, lineCents: cents * count };
  if (count === 0n) return { price: amount, lineCents: cents };
  const [sign, size] = cents < 0n ? [-1n, -cents] : [1n, cents];
  return { price: amountOf((sign * (2n * size + count)) / (2n * count)), lineCents: cents };
}

function badAmount(line: number, value: string, { rules }: RowReader, hint = ''): OrderError {
  const detail = `Line ${line}: ${amountForm(value, rules)}${hint}.`;
  return { code: 'invalid_amount', detail };
}

const ifEmptyHint = (value: string, example: string) =>
  value === '' ? `; --if-empty ${example} says what it is where it is empty` : '';

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
