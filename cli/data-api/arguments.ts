import { LOCAL_REGION } from '../../local/aws/account.ts';
import { readFolder, readPort } from '../option-values.ts';
import { type CommandLine, readArguments } from '../options.ts';
import { UsageError } from '../usage-error.ts';

export interface DataApiArguments {
  readonly port: number;
  /** Of the ARNs, and the one that requests must be signed for. */
  readonly region: string;
  /** The folder with the database. */
  readonly dataDir: string;
}

export const DATA_API_LINE = {
  name: 'npm run data-api',
  options: {
    port: {
      value: 'N',
      help: "the Data API's port; PostgreSQL takes a free one",
      default: '8080',
      read: readPort,
    },
    region: {
      value: 'NAME',
      help: 'the region that clients sign for, and of the ARNs',
      default: LOCAL_REGION,
      read: readRegion,
    },
    data: {
      value: 'DIR',
      help: 'where the database is kept between runs',
      default: '.local/data-api',
      read: readFolder,
    },
  },
} as const satisfies CommandLine;

/** @throws {UsageError} when an option or its value does not fit */
export function readDataApiArguments(args: readonly string[]): DataApiArguments | 'help' {
  const given = readArguments(DATA_API_LINE, args);
  if (given === 'help') return given;
  const { port, region, data } = given.options;
  return { port, region, dataDir: data };
}

function readRegion(text: string, option: string): string {
  if (/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(text)) return text;
  throw new UsageError(`--${option} ${text}: a region is named like ${LOCAL_REGION}.`);
}
