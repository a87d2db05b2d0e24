import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { guard } from '../local/processes/guard.ts';

/** A program that runs until it is disposed of, or ends by itself. */
export interface Program extends AsyncDisposable {
  /** How it ended, once it has: in words. */
  readonly ended: Promise<string>;
  /** The last lines that it printed. */
  lastLines(): string;
}

export interface ProgramOptions {
  readonly cwd: string;
  /** Gets what it prints. */
  readonly logFile: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** How long it may take to end before it is killed. */
const PATIENCE_MS = 30_000;
const LAST_LINES = 20;

/** Starts a program that ends with this process, however that ends. */
export function startProgram(
  command: string,
  args: readonly string[],
  { cwd, logFile, env }: ProgramOptions,
): Program {
  const log = openSync(logFile, 'w');
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', log, log],
    detached: true, // Ctrl-C is for us, who end this in its turn
  });
  closeSync(log);
  guard(child, 'INT');
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', ({ message }) => resolve(message));
  });
  return {
    ended,
    lastLines: () =>
      readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n'),
    [Symbol.asyncDispose]: () => end(child, ended),
  };
}

async function end(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const patience = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  await ended;
  clearTimeout(patience);
}
