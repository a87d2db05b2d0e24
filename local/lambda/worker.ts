import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { LOCAL_REGION } from '../cloud-assembly/identities.ts';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import { LOCAL_CREDENTIALS } from '../sigv4.ts';
import { readLogLines } from './log-lines.ts';
import type { FunctionError, InvokeMessage, WorkerMessage } from './protocol.ts';

const RUNTIME = join(import.meta.dirname, 'runtime.ts');

/** What an invocation came to. */
export type Invocation =
  | { readonly ok: true; readonly json: string; readonly maxRssBytes: number }
  | { readonly ok: false; readonly error: FunctionError; readonly timedOut: boolean };

export interface WorkerOptions {
  /** Variables beside the function's own and Lambda's: where the stand-ins are. */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

/** A process that runs one function, one request at a time: Lambda's execution environment. */
export class Worker {
  readonly #fn: LocalFunction;
  readonly #child: ChildProcess;
  #started: Promise<WorkerMessage>;
  /** Whether it can take another request. One that failed as a process cannot. */
  usable = true;

  constructor(fn: LocalFunction, { extraEnvironment, log }: WorkerOptions) {
    this.#fn = fn;
    this.#child = fork(RUNTIME, [], {
      cwd: fn.codeDir,
      env: { ...lambdaEnvironment(fn), ...fn.environment, ...extraEnvironment },
      execArgv: [`--max-old-space-size=${heapMb(fn.memorySizeMb)}`],
      // Advanced serialization passes megabytes of text without escaping them once more.
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true, // Ctrl-C is for whoever started this, who stops workers in their turn
    });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream) readLogLines(stream, log);
    this.#started = this.#nextMessage();
  }

  async invoke(event: string, requestId: string): Promise<Invocation> {
    const first = await this.#started;
    if (first.kind === 'error') return this.#failed(first.error);
    const deadlineAt = Date.now() + this.#fn.timeoutSeconds * 1_000;
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), this.#fn.timeoutSeconds * 1_000);
    const answer = this.#nextMessage();
    this.#child.send({
      requestId,
      event,
      deadlineAt,
      functionArn: this.#fn.arn,
    } satisfies InvokeMessage);
    const message = await answer;
    clearTimeout(timer);
    if (message.kind === 'result') {
      return { ok: true, json: message.json, maxRssBytes: message.maxRssBytes };
    }
    const timedOut = !this.usable && Date.now() >= deadlineAt;
    if (timedOut) return { ok: false, timedOut, error: timeout(this.#fn, requestId) };
    const error = message.kind === 'error' ? message.error : UNEXPECTED;
    return { ok: false, timedOut: false, error };
  }

  async stop(): Promise<void> {
    this.usable = false;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  /** The child's next message, or what stands for it when the process ends without one. */
  #nextMessage(): Promise<WorkerMessage> {
    return new Promise((resolve) => {
      const done = (message: WorkerMessage) => {
        this.#child.off('message', done);
        this.#child.off('exit', ended);
        resolve(message);
      };
      const ended = (code: number | null, signal: string | null) => {
        this.usable = false;
        const how = signal ? `signal: ${signal}` : `exit status: ${code}`;
        const error = {
          errorType: 'Runtime.ExitError',
          errorMessage: `Runtime exited with ${how}`,
        };
        done({ kind: 'error', phase: 'invoke', error });
      };
      this.#child.once('message', done);
      this.#child.once('exit', ended);
    });
  }

  #failed(error: FunctionError): Invocation {
    void this.stop();
    return { ok: false, timedOut: false, error };
  }
}

const UNEXPECTED: FunctionError = {
  errorType: 'Runtime.ExitError',
  errorMessage: 'The runtime answered out of turn.',
};

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
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    LAMBDA_TASK_ROOT: fn.codeDir,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}
