import { readFileSync } from 'node:fs';
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { MAX_PART_BYTES } from '../parts.ts';
import { checkedTitles, readIfEmpty, readTitles } from './csv-mapping.ts';
import { filePaths } from './file-paths.ts';
import { InputError } from './input-error.ts';
import type { Form } from './order-file.ts';
import { PRESETS, type Preset, type PresetName } from './presets.ts';
import { ENCODINGS, type Encoding, readTwiceError, STDIN, STDIN_NAME } from './text-source.ts';

const OPTIONS = {
  url: { type: 'string' },
  'key-file': { type: 'string' },
  check: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  again: { type: 'boolean' },
  json: { type: 'boolean' },
  format: { type: 'string' },
  preset: { type: 'string' },
  map: { type: 'string', multiple: true },
  'map-file': { type: 'string' },
  'if-empty': { type: 'string', multiple: true },
  delimiter: { type: 'string' },
  encoding: { type: 'string' },
  'no-quotes': { type: 'boolean' },
  'decimal-comma': { type: 'boolean' },
  'date-format': { type: 'string' },
  'time-zone': { type: 'string' },
  prefix: { type: 'string' },
  parallel: { type: 'string' },
  'chunk-kib': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Some thousand orders. Several are held at once: they, not the file, are what memory goes to. */
const CHUNK_KIB = 512;

export const USAGE = `order-analytics upload FILE…      - is standard input; what is compressed with gzip is decompressed

Files are JSON as the API takes it, an array of orders, or an order a line; .csv, .tsv and .txt are CSV.
A folder stands for the files in it, by name; 'exports/*.csv' for those that match.
Interrupted, the same command goes on. What is refused is in FILE.rejected.ndjson or FILE.rejected.csv;
corrected, it is sent as it is.

  --url ADDRESS           of the service, or ORDER_ANALYTICS_URL; else that of npm start
  --key-file FILE         has the seller's key, or ORDER_ANALYTICS_KEY does
  --check                 checks all files at the service first, and sends nothing when an order is refused
  --dry-run               only that
  --again                 begins anew what has been sent
  --json                  prints what was done as JSON
  --parallel N            requests at once, 1 to 16 (4); fewer while the service is busy
  --chunk-kib N           of orders in a request, 1 to ${MAX_PART_BYTES / 1024} (${CHUNK_KIB})
  --format json|csv       whatever the file is called
  --encoding NAME         ${ENCODINGS.join(', ')} (utf-8)

CSV: one row an item, an order's rows together; or one row an order, its items' columns numbered.
  --preset NAME           ${Object.keys(PRESETS).join(', ')}
  --map FIELD=TITLE       the column of a field, as order_number='Order ID'; status==paid is a value
                          for all; sku='Item # SKU' stands for Item 1 SKU, Item 2 SKU and so on,
                          and name= says that no column is it
  --map-file FILE         the same as a JSON object
  --if-empty FIELD=VALUE  of an item where its column is empty, as sku=none or price=0.00
  --delimiter C           a character, or tab (,)
  --no-quotes             a quotation mark is a character as any other
  --decimal-comma         amounts are 1 234,50
  --date-format FORMAT    of YYYY, MM, DD, HH (or hh and A), mm, ss, as 'DD.MM.YYYY HH:mm'
  --time-zone ZONE        of times without an offset: Europe/Moscow, UTC, +03:00
  --prefix TEXT           before each order number: numbers are unique across the whole service

It ends with 0 when everything is stored, 1 when orders were refused, 2 when a file or an option is not as it
may be, 3 when the service's figures are not those of the files, 4 when the service cannot be asked.
`;

export interface Arguments {
  readonly files: readonly string[];
  readonly url: string | undefined;
  readonly keyFile: string | undefined;
  readonly checksFirst: boolean;
  readonly isDryRun: boolean;
  readonly beginsAnew: boolean;
  readonly isJson: boolean;
  readonly parallel: number;
  readonly chunkBytes: number;
  readonly form: Form;
}

/** @returns `undefined` when help is asked for @throws {InputError} */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values, positionals } = parsed(args);
  if (values.help) return undefined;
  const [command, ...files] = positionals;
  if (command !== 'upload' || files.length === 0) {
    throw new InputError('order-analytics upload FILE… is what there is; --help says more.');
  }
  if (values.check && files.includes(STDIN)) {
    throw readTwiceError(STDIN_NAME);
  }
  const preset: Partial<Preset> = values.preset === undefined ? {} : presetOf(values.preset);
  const fromFile = values['map-file'] === undefined ? {} : titlesIn(values['map-file']);
  const delimiter = values.delimiter === 'tab' ? '\t' : values.delimiter;
  if (delimiter !== undefined && delimiter.length !== 1) {
    throw new InputError('--delimiter must be one character, or tab.');
  }
  return {
    files: filePaths(files),
    url: values.url,
    keyFile: values['key-file'],
    checksFirst: values.check === true,
    isDryRun: values['dry-run'] === true,
    beginsAnew: values.again === true,
    isJson: values.json === true,
    parallel: wholeNumber('--parallel', values.parallel ?? '4', 16),
    chunkBytes:
      1024 *
      wholeNumber('--chunk-kib', values['chunk-kib'] ?? `${CHUNK_KIB}`, MAX_PART_BYTES / 1024),
    form: {
      format: formatOf(values.format ?? (values.preset && 'csv')),
      encoding: encodingOf(values.encoding) ?? preset.encoding ?? 'utf-8',
      delimiter: delimiter ?? preset.delimiter ?? ',',
      hasQuotes: values['no-quotes'] === undefined ? (preset.hasQuotes ?? true) : false,
      titles: { ...preset.titles, ...fromFile, ...readTitles(values.map ?? []) },
      ifEmpty: { ...preset.ifEmpty, ...readIfEmpty(values['if-empty'] ?? []) },
      decimalComma: values['decimal-comma'] ?? preset.decimalComma ?? false,
      dateFormat: values['date-format'] ?? preset.dateFormat,
      timeZone: values['time-zone'],
      prefix: values.prefix ?? '',
    },
  };
}

function parsed(args: readonly string[]) {
  try {
    const given = { args: [...args], options: OPTIONS, allowPositionals: true } as const;
    const { tokens } = parseArgs({ ...given, tokens: true });
    refuseTwice(tokens.flatMap((token) => (token.kind === 'option' ? [token] : [])));
    return parseArgs(given);
  } catch (error) {
    throw new InputError(error instanceof Error ? error.message : String(error));
  }
}

/** Which of two values is meant, nobody can know. */
function refuseTwice(
  options: readonly { name: keyof typeof OPTIONS; value?: string | undefined }[],
) {
  const given = new Set<string>();
  for (const { name, value } of options) {
    if (value === undefined || 'multiple' in OPTIONS[name]) continue;
    if (given.has(name)) throw new InputError(`--${name} is there twice.`);
    given.add(name);
  }
}

function presetOf(name: string): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name as PresetName];
  throw new InputError(`There is no preset ${name}; there are ${Object.keys(PRESETS).join(', ')}.`);
}

function titlesIn(file: string) {
  let titles: unknown;
  try {
    titles = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new InputError(`${file} cannot be read as JSON.`, { cause });
  }
  return checkedTitles(titles, file);
}

function formatOf(name: string | undefined): Form['format'] {
  if (name === undefined || name === 'json' || name === 'csv') return name;
  throw new InputError('--format is json or csv.');
}

function encodingOf(name: string | undefined): Encoding | undefined {
  const found = ENCODINGS.find((one) => one === name);
  if (found || name === undefined) return found;
  throw new InputError(`There is no encoding ${name} here; there are ${ENCODINGS.join(', ')}.`);
}

function wholeNumber(option: string, text: string, max: number): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 1 && number <= max) return number;
  throw new InputError(`${option} must be a whole number from 1 to ${max}.`);
}
