import { readdirSync } from 'node:fs';
import { nearestName } from '../cli/nearest-name.ts';
import { type CommandLine, misuse, readArguments } from '../cli/options.ts';
import { UsageError } from '../cli/usage-error.ts';
import { git } from './git.ts';

export interface BenchArguments {
  /** What is measured, one after the other. */
  readonly subjects: readonly string[];
  /** The commit that is measured beside this checkout, as git shortens it. */
  readonly against?: string | undefined;
  /** On how many orders. */
  readonly orders?: number | undefined;
  /** For how long. */
  readonly minutes?: number | undefined;
}

/** Each is exported by a file of that name. */
export const SUBJECT_SUFFIX = '.bench.ts';

const SUBJECTS = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(SUBJECT_SUFFIX))
  .map((file) => file.slice(0, -SUBJECT_SUFFIX.length))
  .sort();

/** What is measured on as many orders as are asked for. */
const WITH_ORDERS = ['feed', 'growth', 'upload-file'];

export const BENCH_LINE = {
  name: 'npm run bench',
  subcommands: {
    upload: { options: ['against'] },
    feed: { options: ['orders'] },
    growth: { options: ['orders'] },
    'upload-file': { options: ['orders'] },
    soak: { options: ['minutes'] },
    SUBJECT: { subject: '…', options: [] },
  },
  words: { SUBJECT: `what is measured: ${SUBJECTS.join(', ')}; all of them when none is named` },
  options: {
    against: {
      value: 'COMMIT',
      help: 'measures this checkout and that commit by turns in one run',
      read: readCommit,
    },
    orders: {
      value: 'COUNT',
      help: 'on how many orders, from 1000; millions where it is not said',
      read: wholeNumberFrom(1_000),
    },
    minutes: {
      value: 'COUNT',
      help: 'for how long, from 1; an hour where it is not said',
      read: wholeNumberFrom(1),
    },
  },
} as const satisfies CommandLine;

/** @throws {UsageError} when they do not fit */
export function readBenchArguments(args: readonly string[]): BenchArguments | 'help' {
  const given = readArguments(BENCH_LINE, args);
  if (given === 'help') return given;
  const { words, options } = given;
  const unknown = words.find((word) => !SUBJECTS.includes(word));
  if (unknown !== undefined) {
    const meant = nearestName(unknown, SUBJECTS);
    throw misuse(BENCH_LINE, `There is no benchmark ${unknown}`, { meant });
  }
  if (options.against !== undefined && (words.length !== 1 || words[0] !== 'upload')) {
    throw misuse(BENCH_LINE, '--against goes with upload alone');
  }
  const [subject = ''] = words.length === 1 ? words : [];
  if (options.orders !== undefined && !WITH_ORDERS.includes(subject)) {
    throw misuse(
      BENCH_LINE,
      `--orders goes with ${new Intl.ListFormat('en', { type: 'disjunction' }).format(WITH_ORDERS)} alone`,
    );
  }
  if (options.minutes !== undefined && subject !== 'soak') {
    throw misuse(BENCH_LINE, '--minutes goes with soak alone');
  }
  return { subjects: words.length > 0 ? words : SUBJECTS, ...options };
}

function readCommit(text: string, option: string): string {
  try {
    return git('rev-parse', '--verify', '--short', '--end-of-options', `${text}^{commit}`);
  } catch (cause) {
    throw new UsageError(`--${option} ${text}: this repository has no such commit.`, { cause });
  }
}

function wholeNumberFrom(least: number) {
  return (text: string, option: string): number => {
    const count = Number(text);
    if (Number.isSafeInteger(count) && count >= least) return count;
    throw new UsageError(`--${option} ${text}: must be a whole number from ${least}.`);
  };
}
