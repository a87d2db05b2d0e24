import { existsSync, rmSync, statSync, truncateSync } from 'node:fs';
import { appendWhole } from './append-whole.ts';
import type { FileOrder, OrderError } from './file-order.ts';
import { InputError } from './input-error.ts';
import type { OrderFile } from './order-file.ts';
import { type Encoding, encoderOf } from './text-source.ts';

/** @throws {InputError} where there is such a file already: somebody may be correcting it */
export function refuseToLose(path: string): void {
  if (!existsSync(path)) return;
  throw new InputError(`${path} has orders that were refused before: send it, or take it away.`);
}

/**
 * What was refused, in the form in which it came, so that it is sent as it is when it has been
 * corrected: CSV with its header and two columns more, all JSON as a line each.
 */
export class RejectedFile {
  readonly path: string;
  readonly #encode: (text: string) => Buffer;
  readonly #csv: OrderFile['csv'];
  /** What is behind this is of a chunk that was not done and is sent again. */
  #keptBytes: number | undefined;

  constructor(
    path: string,
    { csv }: Pick<OrderFile, 'csv'>,
    encoding: Encoding,
    keptBytes: number,
  ) {
    this.path = path;
    this.#csv = csv;
    this.#keptBytes = keptBytes;
    this.#encode = csv ? encoderOf(encoding) : encoderOf('utf-8');
  }

  get sizeBytes(): number {
    return existsSync(this.path) ? statSync(this.path).size : 0;
  }

  /** Adds the orders of a chunk that were refused, if any. */
  append(orders: readonly FileOrder[]): void {
    this.#cut();
    if (orders.length === 0) return;
    const csv = this.#csv;
    const head = csv && this.sizeBytes === 0 ? withColumns(csv, csv.headerRaw, ...COLUMNS) : '';
    const texts = orders.map((one) => (csv ? csvRowsOf(csv, one) : jsonLine(one)));
    appendWhole(this.path, this.#encode(head + texts.join('')));
  }

  #cut(): void {
    const keptBytes = this.#keptBytes;
    this.#keptBytes = undefined;
    if (keptBytes === undefined || keptBytes >= this.sizeBytes) return;
    if (keptBytes === 0) rmSync(this.path);
    else truncateSync(this.path, keptBytes);
  }
}

const QUOTED_ROW = /(?:"[^"]*(?:""[^"]*)*"|[^"\r\n])+(?:[\r\n]+|$)/g;

type Csv = NonNullable<OrderFile['csv']>;

const COLUMNS = ['rejected_line', 'rejected_because'];

function csvRowsOf(csv: Csv, { raw, line, errors }: FileOrder): string {
  const [first = '', ...rest] = rawRows(csv, raw);
  const others = rest.map((row) => withColumns(csv, row, '', ''));
  return withColumns(csv, first, String(line), errors.map(errorText).join('; ')) + others.join('');
}

/** Rows end at line breaks that are in no quotes. */
function rawRows({ hasQuotes }: Csv, raw: string): string[] {
  return raw.match(hasQuotes ? QUOTED_ROW : /[^\r\n]+/g) ?? [raw];
}

const inQuotes = (value: string) => (value === '' ? '' : `"${value.replaceAll('"', '""')}"`);

const oneLine = (value: string, delimiter: string) =>
  value.replaceAll(delimiter, ' ').replaceAll(/[\r\n]+/g, ' ');

function withColumns({ delimiter, hasQuotes }: Csv, row: string, ...values: string[]): string {
  const text = row.replace(/[\r\n]+$/, '');
  const quoted = values.map((value) => (hasQuotes ? inQuotes(value) : oneLine(value, delimiter)));
  return `${[text, ...quoted].join(delimiter)}\n`;
}

export function errorText({ code, detail, field, value }: OrderError): string {
  const where = field ? `${field}: ` : '';
  return `${where}${detail}${value ? ` It is ${JSON.stringify(value)}.` : ''} (${code})`;
}

/** The order with one field more, which the service does not look at; text where it is no JSON. */
function jsonLine({ raw, line, column, order, errors }: FileOrder): string {
  const rejected = JSON.stringify({ line, column, errors });
  const isJson = order !== undefined || errors.every(({ code }) => code !== 'invalid_json');
  if (!isJson) return `${JSON.stringify({ rejected: { line, column, errors, text: raw } })}\n`;
  const flat = raw.replaceAll(/[\r\n]+/g, ' ').trimEnd();
  const comma = /^\{\s*\}$/.test(flat) ? '' : ',';
  return `${flat.slice(0, -1)}${comma}"rejected":${rejected}}\n`;
}
