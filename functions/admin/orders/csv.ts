import type { ListedOrder } from '../../../db/admin/listed-order.ts';

/** How a file parts its cells, and what it writes before cents. */
export interface CsvFormat {
  readonly delimiter: ',' | ';';
  readonly decimalMark: '.' | ',';
}

/**
 * By the address's `delimiter`. Where the decimal mark is a comma, Excel takes a semicolon for what
 * parts cells: a file with commas is one column there, and `2500.00` a date or text.
 */
export const CSV_FORMATS = {
  comma: { delimiter: ',', decimalMark: '.' },
  semicolon: { delimiter: ';', decimalMark: ',' },
} as const satisfies Record<string, CsvFormat>;

export type CsvFormatName = keyof typeof CSV_FORMATS;

export function isCsvFormatName(text: string): text is CsvFormatName {
  return Object.hasOwn(CSV_FORMATS, text);
}

export function csvHead({ delimiter }: CsvFormat): string {
  return `${COLUMNS.join(delimiter)}\r\n`;
}

const COLUMNS = [
  'order_number',
  'seller',
  'created_at_utc',
  'status',
  'items_count',
  'total_amount',
] as const satisfies (keyof ListedOrder | 'created_at_utc')[];

/** An order as a line (RFC 4180); the instant to the second, as spreadsheets read it. */
export function csvLine(order: ListedOrder, { delimiter, decimalMark }: CsvFormat): string {
  return `${[
    cell(order.order_number),
    cell(order.seller),
    order.created_at,
    cell(order.status),
    order.items_count,
    order.total_amount.replace('.', decimalMark),
  ].join(delimiter)}\r\n`;
}

/**
 * Where a reader may see a cell begin that goes on as a formula: it need not part cells as we do.
 */
const FORMULA_START = /(?<=^|[,;\t|\r\n])(?=[\s\p{C}"]*[=+\-@|%＝＋－＠])/gu;

/**
 * Text as a quoted cell. What a spreadsheet would take for a formula gets an apostrophe in
 * front, also in the midst of a text: to who reads `"a;=1"` with the semicolon as delimiter, a
 * cell begins there.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function cell(text: string): string {
  const safe = text.replace(FORMULA_START, "'").replace(/^(?=[\t\r\n])/, "'");
  return `"${safe.replaceAll('"', '""')}"`;
}
