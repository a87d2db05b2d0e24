import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { InputError } from './input-error.ts';

/** A row as csv-parse gives it. */
export interface CsvRow {
  readonly record: readonly string[];
  /** As it stands in the file, with its line break. */
  readonly raw: string;
  readonly line: number;
}

/** How rows and values are told apart. */
export interface Dialect {
  readonly delimiter: string;
  /** Whether a value may be in quotation marks, and then have delimiters and line breaks. */
  readonly hasQuotes: boolean;
}

/** As much as an upload may have: behind a quotation mark that is not closed all is one row. */
const MAX_ROW_MIB = 4;

/** The rows of a CSV file, the header's first. */
export async function* csvRows(
  text: AsyncIterable<string>,
  { delimiter, hasQuotes }: Dialect,
): AsyncGenerator<CsvRow, void> {
  /** Where what is being read begins: the next row, with what lines are empty before it. */
  let line = 1;
  let rowBytes = 0;
  const isOfOneByte = Buffer.byteLength(delimiter) === 1; // of others csv-parse keeps the first
  const parser = parse({
    delimiter,
    quote: hasQuotes ? '"' : false,
    raw: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Or it would know those alone that end the first row; programs add rows with their own.
    record_delimiter: ['\r\n', '\n', '\r'],
    on_record: placed as never, // its types do not know what `raw` makes of a record
  });
  // Lines are counted here, since csv-parse takes CRLF in a value for two.
  function placed({ record, raw }: Omit<CsvRow, 'line'>): CsvRow {
    const row = {
      record,
      raw: isOfOneByte ? raw : written(record, { delimiter, hasQuotes }),
      line: line + emptyLinesIn(raw),
    };
    line += breaksIn(raw);
    rowBytes = 0;
    return row;
  }
  async function* bounded() {
    for await (const piece of text) {
      if (/[^\r\n]/.test(piece)) rowBytes += Buffer.byteLength(piece);
      if (rowBytes > MAX_ROW_MIB * 2 ** 20) throw endlessRow(line, hasQuotes);
      yield piece;
    }
  }
  pipeline(Readable.from(bounded()), parser, () => {}); // what fails is thrown by the loop
  try {
    yield* parser as AsyncIterable<CsvRow>;
  } catch (error) {
    throw error instanceof CsvError ? noCsv(error, line, delimiter) : error;
  }
}

/** A row as it may stand in a file. */
function written(record: readonly string[], { delimiter, hasQuotes }: Dialect): string {
  const values = record.map((value) => {
    const isPlain = !hasQuotes || !(value.includes(delimiter) || /["\r\n]/.test(value));
    return isPlain ? value : `"${value.replaceAll('"', '""')}"`;
  });
  return `${values.join(delimiter)}\n`;
}

const breaksIn = (raw: string) => raw.match(/\r\n?|\n/g)?.length ?? 0;

/** Those before a row, which csv-parse leaves in its text. */
const emptyLinesIn = (raw: string) => breaksIn(/^[\r\n]*/.exec(raw)?.[0] ?? '');

function endlessRow(line: number, hasQuotes: boolean): InputError {
  const why = hasQuotes
    ? 'Is a quotation mark in it not closed? Close it, or say --no-quotes where they are characters as any other.'
    : 'Is it a CSV file?';
  return new InputError(
    `Line ${line}: the row that begins here has more than ${MAX_ROW_MIB} MiB. ${why}`,
  );
}

/** @param line where the row begins in which it was found */
function noCsv(error: CsvError, line: number, delimiter: string): InputError {
  const raw = typeof error.raw === 'string' ? error.raw : '';
  const isOpen = error.code === 'CSV_QUOTE_NOT_CLOSED';
  const before = isOpen ? raw.slice(0, Math.max(0, openQuoteAt(raw))) : raw;
  const place = line + breaksIn(before);
  const what = isOpen
    ? `The quotation mark of line ${place} is not closed`
    : `Line ${place} has a quotation mark where none may be`;
  return new InputError(
    `${what}, by the delimiter ${JSON.stringify(delimiter)}; its row begins in line ${line + emptyLinesIn(raw)}. Is it another --delimiter? Or are quotation marks characters as any other (--no-quotes)?`,
  );
}

/** Where a row's last value opens that is not closed; -1 where all are. */
function openQuoteAt(raw: string): number {
  let open = -1;
  for (let at = raw.indexOf('"'); at >= 0; at = raw.indexOf('"', at + 1)) {
    if (open < 0) open = at;
    else if (raw[at + 1] === '"') at += 1;
    else open = -1;
  }
  return open;
}
