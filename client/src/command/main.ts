#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072 node --max-semi-space-size=1 --max-old-space-size=768
import { ConnectionError, ProblemError } from '../errors.ts';
import { readArguments, USAGE } from './arguments.ts';
import { shownCount, shownOrders, takenOrders } from './counts.ts';
import { amountOf } from './file-order.ts';
import { InputError } from './input-error.ts';
import { findTarget } from './target.ts';
import { print, whenUnread } from './terminal.ts';
import { type Report, UploadCommand } from './upload-command.ts';

const EXIT = { refused: 1, input: 2, figures: 3, service: 4 } as const;
/** As shells have it of who was ended by a signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

class Stopped extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('Stopped. The same command goes on.');
    this.exitCode = exitCode;
  }
}

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  return exitCodeOf(error);
});

async function main(argv: readonly string[]): Promise<number> {
  const args = readArguments(argv);
  const stop = new AbortController();
  whenUnread(() => stop.abort(new Stopped(SIGNALS.SIGINT)));
  if (!args) {
    await print(USAGE);
    return 0;
  }
  const target = findTarget(args, process.env);
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    process.once(signal, () => stop.abort(new Stopped(exitCode)));
  }
  const io = { output: process.stderr, signal: stop.signal };
  const report = await new UploadCommand(args, target, io).run();
  await print(args.isJson ? `${jsonOf(report)}\n` : textOf(report, args.isDryRun));
  if (report.isAsExpected === false) return EXIT.figures;
  return report.counts.rejected > 0 ? EXIT.refused : 0;
}

function jsonOf({ user, counts, rejectedFiles, figures, isAsExpected }: Report): string {
  const { cents, ...numbers } = counts;
  return JSON.stringify({
    user,
    ...numbers,
    total_amount: amountOf(cents),
    rejected_files: rejectedFiles,
    ...figures,
    as_expected: isAsExpected ?? null,
  });
}

function textOf({ user, counts, rejectedFiles, figures, isAsExpected }: Report, isDryRun: boolean) {
  const lines = [
    `${shownOrders(takenOrders(counts))} ${isDryRun ? 'would be taken' : 'taken'}, ${amountOf(counts.cents)}: ` +
      `${shownCount(counts.orders_created)} new, ${shownCount(counts.orders_updated)} updated, ` +
      `${shownCount(counts.orders_unchanged)} unchanged, ${shownCount(counts.orders_stale)} older than what is stored.`,
  ];
  if (counts.rejected > 0) {
    const where = rejectedFiles.length > 0 ? `: ${rejectedFiles.join(', ')}` : '';
    lines.push(`${shownCount(counts.rejected)} refused${where}.`);
  }
  if (figures) {
    const grown = {
      true: ' They have grown by just that.',
      false: ' They have NOT grown by just that: something else has changed orders meanwhile.',
      undefined: '',
    };
    lines.push(
      `${user} has ${shownOrders(figures.orders_count)}, ${figures.total_revenue}.${grown[`${isAsExpected}`]}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

function messageOf(error: unknown): string {
  if (error instanceof ProblemError) {
    const [entry] = error.entries;
    const id = error.requestId ? ` The request was ${error.requestId}.` : '';
    return `The service answers ${ended(error.message)}${entry ? ` ${ended(entry.detail)}` : ''}${id}`;
  }
  if (error instanceof ConnectionError) {
    const why = reasonOf(error.cause);
    return `${error.message}${why && ` (${why})`} The same command goes on.`;
  }
  if (isSystemError(error)) return systemMessage(error);
  if (error instanceof InputError || error instanceof Stopped) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function systemMessage({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return 'The disk is full: make room, and the same command goes on.';
  return message;
}

/** What is at the root of a failure: `fetch` says only that it failed. */
function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const { code = '' } = cause as NodeJS.ErrnoException;
  return reasonOf(cause.cause) || cause.message || code;
}

/** API Gateway's words have no full stop. */
function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Stopped) return error.exitCode;
  const isService = error instanceof ProblemError || error instanceof ConnectionError;
  return isService ? EXIT.service : EXIT.input;
}
