#!/usr/bin/env -S MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=131072 node --max-semi-space-size=1 --max-old-space-size=768
import { ConnectionError, ProblemError } from '../errors.ts';
import { readArguments, USAGE } from './arguments.ts';
import { failureText, Stopped } from './failure-text.ts';
import { reportJson, reportText } from './report-text.ts';
import { findTarget } from './target.ts';
import { print, whenUnread } from './terminal.ts';
import { UploadCommand } from './upload-command.ts';

const EXIT = { refused: 1, input: 2, figures: 3, service: 4 } as const;
/** As shells have it of who was ended by a signal. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${failureText(error)}\n`);
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
  await print(args.isJson ? `${reportJson(report)}\n` : reportText(report));
  if (report.isAsExpected === false) return EXIT.figures;
  return report.counts.rejected > 0 ? EXIT.refused : 0;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof Stopped) return error.exitCode;
  const isService = error instanceof ProblemError || error instanceof ConnectionError;
  return isService ? EXIT.service : EXIT.input;
}
