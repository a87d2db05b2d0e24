import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { TEXT_BODIES, type TextBodies } from '../../local/gateway/body-encoding.ts';
import { isDiskFull } from '../../local/postgres/disk-full.ts';

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

/** What a person did or can put right; its message is all that they are told. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** What is printed of an error: a sentence where a person can put it right, else all that is known. */
export function forPeople(error: unknown): unknown {
  if (error instanceof StartError) return error.message;
  return isDiskFull(error) ? 'The disk is full: make room and start again.' : error;
}

/** @throws {StartError} when an option or its value does not fit */
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
    throw new StartError(`${sentence}; npm start -- --help shows the options.`, { cause });
  }
}

export function portFrom(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) {
    throw new StartError(`--port ${text}: a port is a whole number from 1 to 65535.`);
  }
  return port;
}

export function folderFrom(text: string): string {
  if (text === '') throw new StartError('--data needs the name of a folder.');
  return text;
}

function ruleFrom(text: string): TextBodies {
  const rule = TEXT_BODIES.find((known) => known === text);
  if (!rule) throw new StartError(`--text-bodies ${text}: it is one of ${TEXT_BODIES.join(', ')}.`);
  return rule;
}
