import { TEXT_BODIES, type TextBodies } from '../../local/gateway/body-encoding.ts';
import { readChoice, readFolder, readPort } from '../option-values.ts';
import { type CommandLine, misuse, type OptionTable, readArguments } from '../options.ts';

export interface StartArguments {
  /** The API's port; everything else is on free ones. */
  readonly port: number;
  /** The folder with the database and everything else that is kept. */
  readonly dataDir: string;
  /** Whether what the folder holds is deleted first. */
  readonly reset: boolean;
  /** Whether there are to be orders to look at. */
  readonly demo: boolean;
  /** Whether only examples for the service that runs on the folder are printed. */
  readonly examples: boolean;
  /** Which bodies the functions get as text. @default as the gateway does */
  readonly textBodies?: TextBodies | undefined;
}

const OPTIONS = {
  port: {
    value: 'N',
    help: "the API's port; everything else takes free ones",
    default: '3000',
    read: readPort,
  },
  data: {
    value: 'DIR',
    help: 'where the database is kept between runs',
    default: '.local',
    read: readFolder,
  },
  reset: { help: 'deletes what DIR keeps, after saying what, and starts afresh' },
  demo: { help: 'fills it once with a year of some shops, and prints their figures' },
  examples: { help: 'prints curl commands for the npm start that runs on DIR, and no more' },
  'text-bodies': {
    value: 'RULE',
    help: 'which bodies functions get as text, all others in base64: what is of a type of text (content-type, the default), if it is not compressed either (content-encoding), or none',
    read: readChoice(TEXT_BODIES),
  },
} as const satisfies OptionTable;

export const START_LINE = {
  name: 'npm start',
  options: OPTIONS,
} as const satisfies CommandLine;

/** @throws {UsageError} when an option or its value does not fit */
export function readStartArguments(args: readonly string[]): StartArguments | 'help' {
  const given = readArguments(START_LINE, args);
  if (given === 'help') return given;
  const { port, data, reset, demo, examples, 'text-bodies': textBodies } = given.options;
  const others = { reset, demo, 'text-bodies': textBodies };
  const foreign = Object.entries(others).find(([, value]) => value);
  if (examples && foreign) throw misuse(START_LINE, `--${foreign[0]} does not go with --examples`);
  return { port, dataDir: data, reset, demo, examples, textBodies };
}
