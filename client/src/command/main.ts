#!/usr/bin/env node
import { constants } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { ConnectionError, ProblemError } from '../errors.ts';
import { readArguments, USAGE } from './arguments.ts';
import { failureText, Stopped } from './failure-text.ts';
import { reportJson, reportText } from './report-text.ts';
import { findTarget } from './target.ts';
import { print, whenUnread } from './terminal.ts';
import { UploadCommand } from './upload-command.ts';

const EXIT = { refused: 1, input: 2, figures: 3, service: 4 } as const;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** What has not ended by then waits for something that may never come. */
const ENDING_MS = 200;

// Orders are soon done with: collected often, they take some 100 MB less. Options of Node.js in
// the first line need env -S, which BusyBox has not; this one V8 reads whenever its space is full.
setFlagsFromString('--semi-space-growth-factor=1');

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${failureText(error)}\n`);
  if (error instanceof Stopped) endBy(error.signal);
  return exitCodeOf(error);
});

async function main(argv: readonly string[]): Promise<number> {
  const args = readArguments(argv);
  const stop = new AbortController();
  whenUnread(() => stop.abort(new Stopped('SIGINT')));
  if (!args) {
    await print(USAGE);
    return 0;
  }
  const target = findTarget(args, process.env);
  for (const signal of SIGNALS) process.once(signal, () => stop.abort(new Stopped(signal)));
  const io = { output: process.stderr, signal: stop.signal };
  const report = await new UploadCommand(args, target, io).run();
  await print(args.isJson ? `${reportJson(report)}\n` : reportText(report));
  if (report.isAsExpected === false) return EXIT.figures;
  return report.counts.rejected > 0 ? EXIT.refused : 0;
}

/** A thread that waits for a pipe is ended by no exit, only by a signal that nobody listens to. */
function endBy(signal: NodeJS.Signals): void {
  const end = () => {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  };
  setTimeout(end, ENDING_MS).unref();
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Stopped) return 128 + constants.signals[error.signal]; // as shells have it
  const isService = error instanceof ProblemError || error instanceof ConnectionError;
  return isService ? EXIT.service : EXIT.input;
}
