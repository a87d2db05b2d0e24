import { randomUUID } from 'node:crypto';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import { type Invocation, Worker, type WorkerOptions } from './worker.ts';

// Stands in for Lambda: the bundles that would be deployed, each request in a process that serves no
// other meanwhile. It leaves out versions, asynchronous invocation, provisioned concurrency, freezing
// between requests, the slower CPU of small memory sizes, and the file system's limits.

/** What Lambda takes and gives in a synchronous invocation, in bytes. */
const MAX_PAYLOAD_BYTES = 6 * 1024 * 1024;

export interface PoolOptions extends Partial<WorkerOptions> {
  /** Requests at the same time; more wait their turn. @default 8 */
  readonly maxConcurrency?: number;
}

/** One function and the processes that run it. */
export interface LambdaPool {
  /** Never throws: what the function throws is the answer, as Lambda describes it. */
  invoke(event: unknown): Promise<Invocation>;
  stop(): Promise<void>;
}

/** Runs a function: a process is started when all others are busy and is used again afterwards. */
export function startLambda(fn: LocalFunction, options: PoolOptions = {}): LambdaPool {
  const { extraEnvironment = {}, log = () => {}, maxConcurrency = 8 } = options;
  const idle: Worker[] = [];
  const all = new Set<Worker>();
  const waiting: ((worker: Worker) => void)[] = [];
  let stopped = false;

  function start(): Worker {
    const worker = new Worker(fn, { extraEnvironment, log });
    all.add(worker);
    return worker;
  }

  function acquire(): Promise<Worker> {
    const worker = idle.pop() ?? (all.size < maxConcurrency ? start() : undefined);
    return worker ? Promise.resolve(worker) : new Promise((resolve) => waiting.push(resolve));
  }

  function release(worker: Worker): void {
    if (!worker.usable) all.delete(worker);
    if (stopped) return;
    const next = waiting.shift();
    if (next) next(worker.usable ? worker : start());
    else if (worker.usable) idle.push(worker);
  }

  return {
    async invoke(event) {
      const json = JSON.stringify(event);
      const requestId = randomUUID();
      if (Buffer.byteLength(json) > MAX_PAYLOAD_BYTES) return tooLarge('RequestTooLargeException');
      const worker = await acquire();
      const invocation = await worker.invoke(json, requestId);
      release(worker);
      if (!invocation.ok) {
        log(JSON.stringify({ level: 'ERROR', message: 'invocation failed', ...invocation.error }));
      } else if (Buffer.byteLength(invocation.json) > MAX_PAYLOAD_BYTES) {
        return tooLarge('Function.ResponseSizeTooLarge');
      }
      return invocation;
    },
    async stop() {
      stopped = true;
      await Promise.all([...all].map((worker) => worker.stop()));
    },
  };
}

function tooLarge(errorType: string): Invocation {
  const errorMessage = `The payload exceeds ${MAX_PAYLOAD_BYTES} bytes.`;
  return { ok: false, timedOut: false, error: { errorType, errorMessage } };
}
