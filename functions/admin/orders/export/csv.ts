import type { ColumnKind, Columns, ExportedRow } from './columns.ts';

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

/** The first line, after the mark by which spreadsheets know UTF-8. */
export function csvHead(columns: Columns, { delimiter }: CsvFormat): string {
  const names = Object.entries(columns).map(([name, kind]) =>
    kind === 'instant' ? `${name}_utc` : name,
  );
  return `\ufeff${names.join(delimiter)}\r\n`;
}

/** A row as a line (RFC 4180); instants to the second, as spreadsheets read them. */
export function csvLine(columns: Columns, row: ExportedRow, format: CsvFormat): string {
  const cells = Object.entries(columns).map(([name, kind]) =>
    csvCell(String(row[name]), kind, format),
  );
  return `${cells.join(format.delimiter)}\r\n`;
}

function csvCell(text: string, kind: ColumnKind, { decimalMark }: CsvFormat): string {
  if (kind === 'text') return cell(text);
  return kind === 'money' ? text.replace('.', decimalMark) : text;
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
