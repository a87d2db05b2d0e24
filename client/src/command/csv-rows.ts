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

interface ParsedRow {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

/** How rows and values are told apart. */
export interface Dialect {
  readonly delimiter: string;
  /** Whether a value may be in quotation marks, and then have delimiters and line breaks. */
  readonly hasQuotes: boolean;
}

/** The rows of a CSV file, the header's first. */
export async function* csvRows(
  text: AsyncIterable<string>,
  { delimiter, hasQuotes }: Dialect,
): AsyncGenerator<CsvRow, void> {
  const parser = parse({
    delimiter,
    quote: hasQuotes ? '"' : false,
    raw: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // Or it would know those alone that end the first row; programs add rows with their own.
    record_delimiter: ['\r\n', '\n', '\r'],
  });
  pipeline(Readable.from(text), parser, () => {}); // what fails is thrown by the loop
  let line = 1;
  try {
    for await (const { record, raw, info } of parser as AsyncIterable<ParsedRow>) {
      yield { record, raw, line: Math.max(line, info.lines - lineBreaks(raw)) };
      line = info.lines;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const what = `no CSV with the delimiter ${JSON.stringify(delimiter)}`;
    throw new InputError(
      `This is ${what}: ${error.message}. Is it another --delimiter? Or are quotation marks characters as any other (--no-quotes)?`,
    );
  }
}

const lineBreaks = (raw: string) => raw.trimEnd().split('\n').length - 1;
