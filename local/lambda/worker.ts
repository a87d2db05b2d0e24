import type { ChildProcess } from 'node:child_process';
import type { Clock } from '../aws/clock.ts';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import type { Invocation } from './invocation.ts';
import type { FunctionError, InvokeMessage, WorkerMessage } from './protocol.ts';
import { type Ended, endOf, type RuntimeOptions, startRuntime } from './runtime-process.ts';

/**
 * How long a bundle may take to load before that counts as the invocation's time. Lambda then loads
 * it anew, under the function's time-out; here it goes on, and has its handler's whole time after.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const INIT_MS = 10_000;

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

  constructor(fn: LocalFunction, options: RuntimeOptions) {
    this.#fn = fn;
    this.#clock = options.clock;
    this.#child = startRuntime(fn, options);
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

  /**
   * What the function answers, or `undefined` when the process ended before it took the request.
   */
  async invoke(event: string, requestId: string): Promise<Invocation | undefined> {
    const { timeoutSeconds, arn: functionArn } = this.#fn;
    const timeoutMs = timeoutSeconds * 1_000;
    let isOutOfTime = false;
    const end = () => {
      isOutOfTime = true;
      this.#child.kill('SIGKILL');
    };
    const stopLoadTimer = this.#clock.after(INIT_MS + timeoutMs, end);
    const first = await this.#started;
    stopLoadTimer();
    if (isOutOfTime) return { ok: false, timedOut: true, error: timeout(this.#fn, requestId) };
    if (first.kind === 'error' || first.kind === 'ended') return this.#failed(first.error);
    if (!this.#isUsable) return undefined;
    const nowMs = this.#clock.now();
    const deadlineAt = nowMs + timeoutMs;
    const stopTimer = this.#clock.after(timeoutMs, end);
    this.#hasBegun = false;
    const answered = this.#nextAnswer();
    const message: InvokeMessage = { requestId, event, nowMs, deadlineAt, functionArn };
    // Fails only when the process has ended, which is seen anyway.
    this.#child.send(message, () => {});
    const answer = await answered;
    stopTimer();
    switch (answer.kind) {
      case 'result': {
        const { json, maxRssBytes, cpuMs } = answer;
        return { ok: true, json, maxRssBytes, cpuMs };
      }
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

function timeout(fn: LocalFunction, requestId: string): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${fn.timeoutSeconds}.00 seconds`,
  };
}
