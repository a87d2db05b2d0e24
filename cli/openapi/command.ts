import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toError } from '../caught.ts';
import { type CommandLine, misuse, readArguments } from '../options.ts';
import type { Command } from '../run-command.ts';
import { UsageError } from '../usage-error.ts';
import { coverageTable } from './coverage.ts';
import { openApiText } from './document.ts';

const ROOT = join(import.meta.dirname, '../..');

/** The document as it is, and as sellers' systems were last promised it. */
const DOCUMENT = join(ROOT, 'docs/openapi.json');
const RELEASED = join(ROOT, 'docs/released/openapi.json');

interface OpenApiArguments {
  /** Answers that tests have seen, a line each. */
  readonly coverage: string | undefined;
  readonly release: boolean;
}

const LINE = {
  name: 'npm run openapi',
  options: {
    coverage: {
      value: 'FILE',
      help: 'prints which answers tests have seen: FILE is what ANSWERS_SEEN=FILE npm test has written',
    },
    release: { help: 'makes the document the one that later ones are compared with' },
  },
} as const satisfies CommandLine;

/** Writes the API's document, `docs/openapi.json`. */
export const openApiCommand: Command<OpenApiArguments> = {
  line: LINE,
  read(args) {
    const given = readArguments(LINE, args);
    if (given === 'help') return given;
    const { coverage, release } = given.options;
    if (coverage !== undefined && release)
      throw misuse(LINE, '--release does not go with --coverage');
    return given.options;
  },
  async run({ coverage, release }) {
    if (coverage !== undefined) return console.log(coverageTable(read(coverage)));
    writeFileSync(DOCUMENT, openApiText());
    if (release) copyFileSync(DOCUMENT, RELEASED);
  },
  isEndedAtOnce: true,
};

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`--coverage: ${toError(cause).message}.`, { cause });
  }
}
