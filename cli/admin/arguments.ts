import { nearestName } from '../nearest-name.ts';
import { readChoice, readPort, readText } from '../option-values.ts';
import { type CommandLine, type Given, misuse, readArguments } from '../options.ts';
import { chooseTarget, TARGET_OPTIONS } from '../target/choice.ts';
import type { TargetChoice } from '../target/target.ts';
import { UsageError } from '../usage-error.ts';
import type { ExportArguments } from './export/arguments.ts';
import { readFilter } from './export/filter.ts';
import { pageOf } from './page-path.ts';
import { ADMIN_PORT } from './usual-port.ts';

export interface AdminArguments {
  readonly of: TargetChoice;
  /** Whether the browser is opened; the address and its code are printed either way. */
  readonly open: boolean;
  /** The page to open, with its query; `/` where none was asked for. */
  readonly page: string;
  /** The port that was asked for; `undefined` where another will do as well. */
  readonly port: number | undefined;
  /** What is written instead of opening the admin. */
  readonly exported: ExportArguments | undefined;
}

export const ADMIN_LINE = {
  name: 'npm run admin',
  subcommands: {
    '': { options: ['open', 'port', 'no-open'] },
    export: { options: ['format', 'filter', 'items', 'excel', 'after'] },
  },
  options: {
    open: {
      value: 'PAGE',
      help: "the page to open, such as '/admin/orders?q=tea', or a link to it that was passed on",
      read: readPage,
    },
    port: {
      value: 'N',
      help: `where the admin is on this machine (default ${ADMIN_PORT}, or a free one if it is taken)`,
      read: readPort,
    },
    'no-open': { help: 'prints the address and its code, and leaves the browser alone' },
    format: {
      value: 'FORMAT',
      help: 'csv or ndjson, written to stdout (after npm run -s: else npm writes there, too)',
      default: 'csv',
      read: readChoice(['csv', 'ndjson']),
    },
    filter: {
      value: 'QUERY',
      help: 'which orders: the address of their page, or what is behind its ? (default all)',
      read: readFilter,
    },
    items: { help: 'a row for each item instead of each order' },
    excel: { help: 'with csv: semicolons and decimal commas' },
    after: {
      value: 'PLACE',
      help: 'goes on where an export has stopped, as that has said',
      read: readText,
    },
    ...TARGET_OPTIONS,
  },
} as const satisfies CommandLine;

type Options = Given<typeof ADMIN_LINE.options>['options'];

/** @throws {UsageError} when an option or its value does not fit */
export function readAdminArguments(args: readonly string[]): AdminArguments | 'help' {
  const given = readArguments(ADMIN_LINE, args);
  if (given === 'help') return given;
  const { words, options } = given;
  const [subcommand = '', ...others] = words;
  if (!Object.hasOwn(ADMIN_LINE.subcommands, subcommand) || others.length > 0) {
    const meant = nearestName(subcommand, ['export']);
    throw misuse(ADMIN_LINE, `There is no command ${words.join(' ')}`, { meant });
  }
  return {
    of: chooseTarget(options),
    open: !options['no-open'],
    page: options.open ?? '/',
    port: options.port,
    exported: subcommand === 'export' ? readExport(options) : undefined,
  };
}

function readPage(text: string, option: string): string {
  const page = pageOf(text);
  if (page !== undefined) return page;
  throw new UsageError(
    `--${option} ${text}: it is a page of the admin such as '/admin/orders?q=tea', or a link to one.`,
  );
}

function readExport({ format, filter, items, excel, after }: Options): ExportArguments {
  if (excel && format !== 'csv') throw new UsageError('--excel is for --format csv.');
  return {
    format,
    delimiter: excel ? 'semicolon' : 'comma',
    filter: filter ?? new URLSearchParams(),
    rows: items ? 'items' : 'orders',
    after,
  };
}
