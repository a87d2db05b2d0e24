import { randomUUID } from 'node:crypto';
import { systemClock } from '../aws/clock.ts';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import { failure, type Invocation, type Invoke, THROTTLED } from './invocation.ts';
import { Workers, type WorkersOptions } from './workers.ts';

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
  /** As {@link Invoke}, for this function. */
  invoke(event: unknown, signal?: AbortSignal): Promise<Invocation>;
}

/** Runs a function: a process is started when all others are busy and is used again afterwards. */
export function startLambdaPool(fn: LocalFunction, options: PoolOptions = {}): LambdaPool {
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

const tooLarge = (errorType: string) =>
  failure(errorType, `The payload exceeds ${MAX_PAYLOAD_BYTES} bytes.`);
