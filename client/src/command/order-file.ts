import { createHash } from 'node:crypto';
import { resolveMapping } from './csv-columns.ts';
import { type IfEmpty, type Mapping, mappingLines, type Titles } from './csv-mapping.ts';
import { csvOrders } from './csv-orders.ts';
import { RowReader } from './csv-reader.ts';
import { type CsvRow, csvRows, type Dialect } from './csv-rows.ts';
import type { ValueRules } from './csv-values.ts';
import type { FileOrder } from './file-order.ts';
import { InputError } from './input-error.ts';
import { jsonOrders, unreadOrder } from './json-orders.ts';
import { SeenNumbers } from './seen-numbers.ts';
import { type Encoding, openText, type TextSource } from './text-source.ts';

/** How files are to be read. */
export interface Form extends ValueRules, Dialect {
  /** @default by the file's name: `.csv`, `.tsv` and `.txt` are CSV, all others JSON */
  readonly format: 'json' | 'csv' | undefined;
  readonly encoding: Encoding;
  readonly titles: Titles;
  readonly ifEmpty: IfEmpty;
  /** Put before the order numbers of CSV, which have to be unique across the whole service. */
  readonly prefix: string;
}

/** A file of orders, in whatever form, to be read from its beginning. */
export interface OrderFile {
  readonly source: TextSource;
  /** By which a program knows whether a file is to be read as it was before. */
  readonly formDigest: string;
  readonly csv: (Dialect & { readonly headerRaw: string }) | undefined;
  /** For people: which column is what. */
  readonly mapping: readonly string[];
  /**
   * @param user whose they have to be, where the file says whose they are
   * @param purpose to look through them is faster: those of JSON are not read then
   */
  orders(user: string, purpose?: 'look'): AsyncGenerator<FileOrder, void>;
}

/** Raised where files are read or divided otherwise: a journal of before counts other chunks. */
const READING = 2;

const CSV_NAME = /\.(?:csv|tsv|txt)(?:\.gz)?$/i;

/**
 * @param signal ends reading it, with its reason
 * @throws {InputError} where the form does not fit the file
 */
export async function openOrders(
  path: string,
  form: Form,
  signal?: AbortSignal,
): Promise<OrderFile> {
  const source = await openText(path, form.encoding, signal);
  const formDigest = createHash('sha256')
    .update(JSON.stringify([READING, form]))
    .digest('hex');
  const format = form.format ?? (CSV_NAME.test(path) ? 'csv' : 'json');
  if (format === 'json') {
    if (form.prefix !== '') {
      throw new InputError(
        `${source.name} is JSON, which is sent as it is written: --prefix is for CSV. Write the prefix into its order numbers.`,
      );
    }
    const orders: OrderFile['orders'] = (user, purpose) =>
      jsonOrders(source.text(), user, purpose === 'look' ? unreadOrder : undefined);
    return { source, formDigest, csv: undefined, mapping: [], orders };
  }
  if (source.file === undefined)
    return csvFile(source, form, formDigest, csvRows(source.text(), form));
  return csvFile(source, form, formDigest);
}

/** @param rows those of what can be read only once */
async function csvFile(
  source: TextSource,
  form: Form,
  formDigest: string,
  rows?: AsyncGenerator<CsvRow, void>,
): Promise<OrderFile> {
  const allRows = () => rows ?? csvRows(source.text(), form);
  const first = allRows();
  const { value: head } = await first.next();
  if (!head) throw new InputError(`${source.name} is empty.`);
  if (!rows) await first.return();
  const header = head.record.map((title) => title.trim().normalize());
  refuseOneColumn(header, source.name, form.delimiter);
  const mapping: Mapping = resolveMapping(header, form.titles);
  const reader = new RowReader(mapping, header, form);
  let isLookedThrough = false;
  async function* orders() {
    const again = allRows();
    if (!rows) await again.next(); // the header
    yield* csvOrders(again, mapping, reader, isLookedThrough ? undefined : new SeenNumbers());
    isLookedThrough = true;
  }
  return {
    source,
    formDigest,
    csv: { headerRaw: head.raw, delimiter: form.delimiter, hasQuotes: form.hasQuotes },
    mapping: mappingLines(mapping, header, form.ifEmpty),
    orders,
  };
}

const DELIMITERS: Readonly<Record<string, string>> = {
  ';': "';'",
  '\t': 'tab',
  '|': "'|'",
  ',': "','",
};

/** @throws {InputError} where all titles are one, as they are told apart otherwise */
function refuseOneColumn(header: readonly string[], name: string, delimiter: string): void {
  const [only = '', ...others] = header;
  const meant = Object.keys(DELIMITERS).find((one) => only.includes(one));
  if (others.length > 0 || meant === undefined) return;
  throw new InputError(
    `${name} has one column only, by the delimiter ${JSON.stringify(delimiter)}: ${only}. Try --delimiter ${DELIMITERS[meant]}.`,
  );
}
