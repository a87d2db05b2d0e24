import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { LOCAL_REGION, localEnvironment } from '../aws/account.ts';
import { type Clock, systemClock } from '../aws/clock.ts';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import { guard } from '../processes/guard.ts';
import { readLogLines } from './log-lines.ts';
import type { FunctionError, InvokeMessage, WorkerMessage } from './protocol.ts';

const RUNTIME = join(import.meta.dirname, 'runtime.ts');
const MOVED_DATE = pathToFileURL(join(import.meta.dirname, 'moved-date.ts')).href;

/** What an invocation came to. */
export type Invocation =
  | { readonly ok: true; readonly json: string; readonly maxRssBytes: number }
  | { readonly ok: false; readonly error: FunctionError; readonly timedOut: boolean };

export interface WorkerOptions {
  /** Variables beside the function's own and Lambda's: where the stand-ins are. */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  /** Whose time the function has, and its time limit. */
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** A process that runs one function, one request at a time: Lambda's execution environment. */
export class Worker {
  readonly #fn: LocalFunction;
  readonly #clock: Clock;
  readonly #child: ChildProcess;
  readonly #started: Promise<Answer>;
  #deliver: (answer: Answer) => void = () => {};
  #hasBegun = false;
  #isUsable = true;
  /** Settles when the process is no more and all that it said has been heard. */
  readonly ended: Promise<Ended>;

  constructor(fn: LocalFunction, { extraEnvironment, clock, log }: WorkerOptions) {
    this.#fn = fn;
    this.#clock = clock;
    this.#child = fork(RUNTIME, [], {
      cwd: fn.codeDir,
      env: { ...lambdaEnvironment(fn), ...fn.environment, ...extraEnvironment },
      execArgv: [
        `--max-old-space-size=${heapMb(fn.memorySizeMb)}`,
        ...(clock === systemClock ? [] : ['--import', MOVED_DATE]),
      ],
      // Advanced serialization passes megabytes of text without escaping them once more.
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true, // Ctrl-C is for whoever started this, who stops workers in their turn
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) readLogLines(stream, log);
    guard(this.#child, 'KILL'); // a busy one does not notice that whoever started it is gone
    this.#started = this.#nextAnswer();
    this.#child.on('message', (message: WorkerMessage) => {
      if (message.kind === 'begun') this.#hasBegun = true;
      else this.#deliver(message);
    });
    this.ended = endOf(this.#child);
    void this.ended.then((end) => {
      this.#isUsable = false;
      this.#deliver(end);
    });
  }

  /** Whether it can take another request. One that failed as a process cannot. */
  get usable(): boolean {
    return this.#isUsable;
  }

  /** What the function answers, or `undefined` when the process ended before it took the request. */
  async invoke(event: string, requestId: string): Promise<Invocation | undefined> {
    const first = await this.#started;
    if (first.kind === 'error' || first.kind === 'ended') return this.#failed(first.error);
    if (!this.#isUsable) return undefined;
    const { timeoutSeconds, arn: functionArn } = this.#fn;
    const nowMs = this.#clock.now();
    const deadlineAt = nowMs + timeoutSeconds * 1_000;
    let isOutOfTime = false;
    const stopTimer = this.#clock.after(timeoutSeconds * 1_000, () => {
      isOutOfTime = true;
      this.#child.kill('SIGKILL');
    });
    this.#hasBegun = false;
    const answered = this.#nextAnswer();
    const message: InvokeMessage = { requestId, event, nowMs, deadlineAt, functionArn };
    this.#child.send(message, () => {}); // fails only when the process has ended, which is seen anyway
    const answer = await answered;
    stopTimer();
    switch (answer.kind) {
      case 'result':
        return { ok: true, json: answer.json, maxRssBytes: answer.maxRssBytes };
      case 'error':
        return { ok: false, timedOut: false, error: answer.error };
      case 'ended':
        if (isOutOfTime) return { ok: false, timedOut: true, error: timeout(this.#fn, requestId) };
        return this.#hasBegun ? { ok: false, timedOut: false, error: answer.error } : undefined;
      case 'ready':
        throw new Error('A runtime is ready once.');
    }
  }

  async stop(): Promise<void> {
    this.#isUsable = false;
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** What the process says next beside that it has begun; how it ended, if it says nothing more. */
  #nextAnswer(): Promise<Answer> {
    return new Promise((resolve) => {
      this.#deliver = resolve;
    });
  }

  #failed(error: FunctionError): Invocation {
    void this.stop();
    return { ok: false, timedOut: false, error };
  }
}

type Answer = Exclude<WorkerMessage, { kind: 'begun' }> | Ended;

/** What stands for a message when there will be none. */
interface Ended {
  readonly kind: 'ended';
  readonly error: FunctionError;
}

/** How a process ended: told after its last message, which may come later than the news of its exit. */
async function endOf(child: ChildProcess): Promise<Ended> {
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

function timeout(fn: LocalFunction, requestId: string): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${fn.timeoutSeconds}.00 seconds`,
  };
}

/** What Lambda leaves of its memory to the heap; the rest is for buffers, stacks and Node itself. */
function heapMb(memorySizeMb: number): number {
  return Math.round(memorySizeMb * 0.9);
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
function lambdaEnvironment(fn: LocalFunction): Record<string, string> {
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
