import { randomUUID } from 'node:crypto';
import { systemClock } from '../aws/clock.ts';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import type { Invocation } from './worker.ts';
import { Workers, type WorkersOptions } from './workers.ts';

// Stands in for Lambda: the bundles that would be deployed, each request in a process that serves no
// other meanwhile. It leaves out versions, asynchronous invocation, provisioned concurrency, freezing
// between requests, the slower CPU of small memory sizes, and the file system's limits.

/** What Lambda takes and gives in a synchronous invocation, in bytes. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

/** How often a request is given to another process when the one that it was given to is gone. */
const MAX_REPLACEMENTS = 3;

export interface PoolOptions extends Partial<WorkersOptions> {
  /** Requests that run at the same time; more wait their turn. @default 8 */
  readonly maxProcesses?: number;
  /** Requests that run or wait; more are refused, as beyond Lambda's concurrency. @default 1,000 */
  readonly maxConcurrency?: number;
  /** Bytes of events that wait; with more, requests are refused. @default 256 MiB */
  readonly maxWaitingBytes?: number;
}

/** One function and the processes that run it. */
export interface LambdaPool extends AsyncDisposable {
  /**
   * Never throws: what the function throws is the answer, as Lambda describes it.
   *
   * @param signal nobody waits any more: a request that has not begun is not run
   */
  invoke(event: unknown, signal?: AbortSignal): Promise<Invocation>;
}

/** Runs one of several functions, as `LambdaPool.invoke` does. */
export type Invoke = (
  fn: LocalFunction,
  event: unknown,
  signal?: AbortSignal,
) => Promise<Invocation>;

/** Runs a function: a process is started when all others are busy and is used again afterwards. */
export function startLambda(fn: LocalFunction, options: PoolOptions = {}): LambdaPool {
  const { log = () => {}, maxConcurrency = 1_000, maxWaitingBytes = 256 * 1024 * 1024 } = options;
  const workers = new Workers(fn, {
    extraEnvironment: {},
    maxProcesses: 8,
    clock: systemClock,
    ...options,
    log,
  });
  let inFlight = 0;

  async function run(json: string, signal: AbortSignal | undefined): Promise<Invocation> {
    const sizeBytes = Buffer.byteLength(json);
    if (sizeBytes > MAX_PAYLOAD_BYTES) return tooLarge('RequestTooLargeException');
    if (inFlight >= maxConcurrency || workers.waitingBytes + sizeBytes > maxWaitingBytes) {
      return THROTTLED;
    }
    inFlight += 1;
    try {
      return await runSomewhere(json, sizeBytes, signal);
    } finally {
      inFlight -= 1;
    }
  }

  async function runSomewhere(
    json: string,
    sizeBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<Invocation> {
    for (let replacements = 0; replacements <= MAX_REPLACEMENTS; replacements++) {
      const worker = await workers.acquire(sizeBytes, signal);
      if (!worker) return failure('Sandbox.Abandoned', 'Nobody waits for it: it was not run.');
      const invocation = await worker.invoke(json, randomUUID());
      workers.release(worker);
      if (invocation) return invocation;
    }
    return failure('Runtime.ExitError', 'Every process ended before it took the request.');
  }

  return {
    async invoke(event, signal) {
      const invocation = await run(JSON.stringify(event), signal);
      if (!invocation.ok) {
        log(JSON.stringify({ level: 'ERROR', message: 'invocation failed', ...invocation.error }));
      } else if (Buffer.byteLength(invocation.json) > MAX_PAYLOAD_BYTES) {
        return tooLarge('Function.ResponseSizeTooLarge');
      }
      return invocation;
    },
    [Symbol.asyncDispose]: () => workers.stop(),
  };
}

const failure = (errorType: string, errorMessage: string): Invocation => ({
  ok: false,
  timedOut: false,
  error: { errorType, errorMessage },
});

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
const THROTTLED = failure('TooManyRequestsException', 'Rate Exceeded.');

/** Whether Lambda refused to run it: too many ran already. */
export function isThrottled(invocation: Invocation | undefined): boolean {
  return invocation?.ok === false && invocation.error.errorType === 'TooManyRequestsException';
}

const tooLarge = (errorType: string) =>
  failure(errorType, `The payload exceeds ${MAX_PAYLOAD_BYTES} bytes.`);
