import { nearestName } from '../nearest-name.ts';
import { readChoice } from '../option-values.ts';
import { type CommandLine, type Given, misuse, readArguments } from '../options.ts';
import { chooseTarget, TARGET_OPTIONS } from '../target/choice.ts';
import type { TargetChoice } from '../target/target.ts';
import { UsageError } from '../usage-error.ts';
import type { ExportArguments } from './export/arguments.ts';
import { readFilter } from './export/filter.ts';

export interface AdminArguments {
  readonly of: TargetChoice;
  /** Whether the browser is opened; the address and its code are printed either way. */
  readonly open: boolean;
  /** What is written instead of opening the admin. */
  readonly exported: ExportArguments | undefined;
}

export const ADMIN_LINE = {
  name: 'npm run admin',
  subcommands: {
    '': { options: ['no-open'] },
    export: { options: ['format', 'filter', 'items', 'excel', 'after'] },
  },
  options: {
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
    after: { value: 'PLACE', help: 'goes on where an export has stopped, as that has said' },
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
    exported: subcommand === 'export' ? readExport(options) : undefined,
  };
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
