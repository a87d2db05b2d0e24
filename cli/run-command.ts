import { setImmediate } from 'node:timers/promises';
import { isUnread } from './caught.ts';
import { forPeople, whyNotWritten } from './for-people.ts';
import { helpText } from './help.ts';
import type { CommandLine } from './options.ts';
import { ServiceError } from './service-error.ts';
import { stopSignal } from './stop-signal.ts';

/** A command that people start by `npm`. */
export interface Command<Arguments> {
  readonly line: CommandLine;
  /** @throws {UsageError} when they do not fit */
  read(args: readonly string[]): Arguments | 'help';
  /** @param signal aborts when the command is told to stop */
  run(given: Arguments, signal: AbortSignal): Promise<void>;
  /** Whether it is ended at once by what tells others to stop. @default false */
  readonly isEndedAtOnce?: boolean;
}

/** As shells have it for programs that Ctrl-C has ended. */
export const STOPPED = 130;

/**
 * Does what this process's arguments ask of a command;
 * says in a sentence, on stderr, why it cannot. Ends the process when it was told to stop.
 */
export async function runCommand<Arguments>(command: Command<Arguments>): Promise<void> {
  const signal = command.isEndedAtOnce ? new AbortController().signal : stopSignal();
  let lost: unknown;
  process.stdout.on('error', (error) => {
    if (!isUnread(error)) lost = error;
  });
  try {
    const given = command.read(process.argv.slice(2));
    if (given === 'help') console.log(helpText(command.line));
    else await command.run(given, signal);
    await setImmediate(); // only then is known what became of the last line
    if (lost && !signal.aborted)
      throw new ServiceError(`Not all could be printed: ${whyNotWritten(lost)}.`, { cause: lost });
  } catch (error) {
    process.exitCode = signal.aborted ? STOPPED : 1;
    if (!signal.aborted) console.error(forPeople(error));
  }
  // What was interrupted may still wait, for AWS or for what is no more.
  if (signal.aborted) process.exit();
}
