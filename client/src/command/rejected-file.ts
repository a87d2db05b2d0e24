import { createHash, type Hash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  existsSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
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

/** By which a file of refused orders is known: how large it is, and a digest of that. */
export interface Content {
  readonly bytes: number;
  /** `undefined` where nobody has said. */
  readonly digest: string | undefined;
}

/** What a run has left of such a file. */
export interface Left {
  /** Of the chunks that are done. */
  readonly kept: Content;
  /** With those of a chunk that was not done and is sent again. */
  readonly begun?: Content | undefined;
}

export const NOTHING_LEFT: Left = { kept: { bytes: 0, digest: undefined } };

/**
 * What was refused, in the form in which it came, so that it is sent as it is when it has been
 * corrected: CSV with its header and two columns more, all JSON as a line each.
 */
export class RejectedFile {
  readonly path: string;
  readonly #encode: (text: string) => Buffer;
  readonly #csv: OrderFile['csv'];
  readonly #before: Left;
  /** Of all that is in it; `undefined` until it is prepared. */
  #hash: Hash | undefined;
  #bytes = 0;
  #changedMs: number | undefined;

  constructor(path: string, { csv }: Pick<OrderFile, 'csv'>, encoding: Encoding, before: Left) {
    this.path = path;
    this.#csv = csv;
    this.#before = before;
    this.#encode = csv ? encoderOf(encoding) : encoderOf('utf-8');
  }

  get content(): Content {
    return { bytes: this.#bytes, digest: digestOf(this.#hash ?? createHash('sha256')) };
  }

  /**
   * Makes it what it was after the last chunk that is done; one that was taken away begins anew.
   *
   * @throws {InputError} where it is not what was left: somebody is correcting it
   */
  async prepare(): Promise<void> {
    if (this.#hash) return;
    if (!existsSync(this.path)) return this.#beginAnew();
    const { kept, begun } = this.#before;
    const { size } = statSync(this.path);
    const hash = createHash('sha256');
    await this.#read(hash, 0, Math.min(kept.bytes, size));
    const whole = hash.copy();
    await this.#read(whole, kept.bytes, size);
    const isKept = isContent(kept, kept.bytes, hash) && size >= kept.bytes;
    const isLeft =
      size === kept.bytes ||
      (begun && (isContent(begun, size, whole) || this.#isTorn(size, begun)));
    if (!isKept || !isLeft) throw this.#corrected();
    if (kept.bytes === 0) rmSync(this.path);
    else if (size > kept.bytes) truncateSync(this.path, kept.bytes);
    this.#hash = hash;
    this.#bytes = kept.bytes;
    this.#changedMs = this.#modifiedMs;
  }

  /**
   * Adds the orders of a chunk that were refused, if any.
   *
   * @param begins told what it becomes, before it does
   * @throws {InputError} where somebody has changed it meanwhile
   */
  append(orders: readonly FileOrder[], begins: (left: Left) => void): void {
    if (orders.length === 0) return;
    if (!existsSync(this.path)) this.#beginAnew();
    else if (this.#modifiedMs !== this.#changedMs) throw this.#corrected();
    const csv = this.#csv;
    const head = csv && this.#bytes === 0 ? withColumns(csv, csv.headerRaw, ...COLUMNS) : '';
    const texts = orders.map((one) => (csv ? csvRowsOf(csv, one) : jsonLine(one)));
    const data = this.#encode(head + texts.join(''));
    const hash = (this.#hash ?? createHash('sha256')).copy().update(data);
    const bytes = this.#bytes + data.length;
    begins({ kept: this.content, begun: { bytes, digest: digestOf(hash) } });
    appendWhole(this.path, data);
    this.#hash = hash;
    this.#bytes = bytes;
    this.#changedMs = this.#modifiedMs;
  }

  #beginAnew(): void {
    this.#hash = createHash('sha256');
    this.#bytes = 0;
  }

  get #modifiedMs(): number | undefined {
    return statSync(this.path, { throwIfNoEntry: false })?.mtimeMs;
  }

  async #read(hash: Hash, start: number, end: number): Promise<void> {
    if (end <= start) return;
    for await (const piece of createReadStream(this.path, { start, end: end - 1 })) {
      hash.update(piece as Buffer);
    }
  }

  /** Whether it ends within a line, as where a process was killed while it wrote. */
  #isTorn(size: number, begun: Content): boolean {
    if (size >= begun.bytes) return false;
    const last = Buffer.alloc(1);
    const file = openSync(this.path, 'r');
    readSync(file, last, 0, 1, size - 1);
    closeSync(file);
    return last.toString('latin1') !== '\n';
  }

  #corrected(): InputError {
    return new InputError(
      `${this.path} is not as it was left: send what is corrected in it, take it away, and the same command goes on.`,
    );
  }
}

const digestOf = (hash: Hash) => hash.copy().digest('base64url');

const isContent = (content: Content, bytes: number, hash: Hash) =>
  content.bytes === bytes && (content.digest ?? digestOf(hash)) === digestOf(hash);

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
