import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TEXT_BODIES, type TextBodies } from '../../local/gateway/body-encoding.ts';
import { UsageError } from '../usage-error.ts';

export interface StartOptions {
  /** The API's port; everything else is on free ones. */
  readonly port: number;
  /** The folder with the database and everything else that is kept. */
  readonly dataDir: string;
  /** Whether what the folder holds is deleted first. */
  readonly reset: boolean;
  /** Which bodies the functions get as text. @default as the gateway does */
  readonly textBodies?: TextBodies;
}

export const USAGE = `npm start -- [--port 3000] [--data .local] [--reset] [--text-bodies RULE]

  --port N            the API's port (default 3000); everything else takes free ports
  --data DIR          where the database is kept between runs (default .local)
  --reset             deletes what DIR keeps, after saying what, and starts afresh
  --text-bodies RULE  which bodies functions get as text, all others in base64: what is of a type of
                      text (content-type, the default), if it is not compressed either
                      (content-encoding), or none
  --help              this text`;

/** @throws {UsageError} when an option or its value does not fit */
export function parseStartOptions(args: readonly string[]): StartOptions | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  return {
    port: portFrom(values.port ?? '3000'),
    dataDir: resolve(folderFrom(values.data ?? '.local')),
    reset: values.reset ?? false,
    ...(values['text-bodies'] !== undefined && { textBodies: ruleFrom(values['text-bodies']) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        reset: { type: 'boolean' },
        'text-bodies': { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values;
  } catch (cause) {
    const [sentence] = (cause as Error).message.split(/\. |\n/);
    throw new UsageError(`${sentence}; npm start -- --help shows the options.`, { cause });
  }
}

export function portFrom(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) {
    throw new UsageError(`--port ${text}: a port is a whole number from 1 to 65535.`);
  }
  return port;
}

export function folderFrom(text: string): string {
  if (text === '') throw new UsageError('--data needs the name of a folder.');
  return text;
}

function ruleFrom(text: string): TextBodies {
  const rule = TEXT_BODIES.find((known) => known === text);
  if (!rule) throw new UsageError(`--text-bodies ${text}: it is one of ${TEXT_BODIES.join(', ')}.`);
  return rule;
}
