import { readdirSync } from 'node:fs';
import { nearestName } from '../cli/nearest-name.ts';
import { type CommandLine, misuse, readArguments } from '../cli/options.ts';

export interface BenchArguments {
  /** What is measured, one after the other. */
  readonly subjects: readonly string[];
}

/** Each is exported by a file of that name. */
export const SUBJECT_SUFFIX = '.bench.ts';

const SUBJECTS = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(SUBJECT_SUFFIX))
  .map((file) => file.slice(0, -SUBJECT_SUFFIX.length))
  .sort();

export const BENCH_LINE = {
  name: 'npm run bench',
  subcommands: {
    SUBJECT: { subject: '…', options: [] },
  },
  words: { SUBJECT: `what is measured: ${SUBJECTS.join(', ')}; all of them when none is named` },
  options: {},
} as const satisfies CommandLine;

/** @throws {UsageError} when they do not fit */
export function readBenchArguments(args: readonly string[]): BenchArguments | 'help' {
  const given = readArguments(BENCH_LINE, args);
  if (given === 'help') return given;
  const { words } = given;
  const unknown = words.find((word) => !SUBJECTS.includes(word));
  if (unknown !== undefined) {
    const meant = nearestName(unknown, SUBJECTS);
    throw misuse(BENCH_LINE, `There is no benchmark ${unknown}`, { meant });
  }
  return { subjects: words.length > 0 ? words : SUBJECTS };
}
