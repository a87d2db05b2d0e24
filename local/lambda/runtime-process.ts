import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LOCAL_REGION, localEnvironment } from '../aws/account.ts';
import { type Clock, systemClock } from '../aws/clock.ts';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import { guard } from '../processes/guard.ts';
import { readLogLines } from './log-lines.ts';
import type { FunctionError } from './protocol.ts';

const RUNTIME = join(import.meta.dirname, 'runtime.ts');
const MOVED_DATE = pathToFileURL(join(import.meta.dirname, 'moved-date.ts')).href;

export interface RuntimeOptions {
  /** Variables beside the function's own and Lambda's: where the stand-ins are. */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  /** Whose time the function has, and its time limit. */
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** A process that loads a function's bundle and waits for its requests, as `runtime.ts` does. */
export function startRuntime(
  fn: LocalFunction,
  { extraEnvironment, clock, log }: RuntimeOptions,
): ChildProcess {
  const child = fork(RUNTIME, [], {
    cwd: fn.codeDir,
    env: {
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, // the runtime's, who hides it
      ...lambdaEnvironment(fn),
      ...fn.environment,
      ...extraEnvironment,
    },
    execArgv: [
      `--max-old-space-size=${heapMb(fn.memorySizeMb)}`,
      ...(clock === systemClock ? [] : ['--import', MOVED_DATE]),
    ],
    // Advanced serialization passes megabytes of text without escaping them once more.
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true, // Ctrl-C is for whoever started this, who stops workers in their turn
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) readLogLines(stream, log);
  guard(child, 'KILL'); // a busy one does not notice that whoever started it is gone
  return child;
}

/** What stands for a message when there will be none. */
export interface Ended {
  readonly kind: 'ended';
  readonly error: FunctionError;
}

/**
 * How a process ended: told after its last message, which may come later than the news of its exit.
 */
export async function endOf(child: ChildProcess): Promise<Ended> {
  const heard = new Promise((resolve) => child.once('disconnect', resolve));
  const how = await new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(`Runtime exited with ${signal ? `signal: ${signal}` : `exit status: ${code}`}`);
    });
    child.on('error', ({ message }) => {
      if (child.pid === undefined) resolve(`Runtime did not start: ${message}`);
    });
  });
  if (child.pid !== undefined) await heard;
  return { kind: 'ended', error: { errorType: 'Runtime.ExitError', errorMessage: how } };
}

/**
 * What Lambda leaves of its memory to the heap; the rest is for buffers, stacks and Node itself.
 */
function heapMb(memorySizeMb: number): number {
  return Math.round(memorySizeMb * 0.9);
}

/**
 * The variables that Lambda sets beside the function's own.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function lambdaEnvironment(fn: LocalFunction): Record<string, string> {
  return {
    _HANDLER: fn.handler,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memorySizeMb),
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_DEFAULT_REGION: LOCAL_REGION,
    ...localEnvironment(),
    LAMBDA_TASK_ROOT: fn.codeDir,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
