import type { LocalFunction } from '../cloud-assembly/model.ts';
import type { RuntimeOptions } from './runtime-process.ts';
import { Worker } from './worker.ts';

/**
 * How long a process waits for its next request before it ends: Lambda's own is some minutes, too.
 */
export const IDLE_MS = 5 * 60_000;

export interface WorkersOptions extends RuntimeOptions {
  readonly maxProcesses: number;
}

/** Who waits for a process, and for how many bytes of event. */
interface Waiter {
  readonly sizeBytes: number;
  readonly resolve: (worker: Worker | undefined) => void;
}

/**
 * The processes that run one function, lent to one request each; who finds none free waits in line.
 */
export class Workers {
  readonly #fn: LocalFunction;
  readonly #options: WorkersOptions;
  /** The last used comes last; each with what keeps it from ending. */
  readonly #idle = new Map<Worker, () => void>();
  readonly #all = new Set<Worker>();
  readonly #waiting = new Set<Waiter>();
  #stopped = false;

  constructor(fn: LocalFunction, options: WorkersOptions) {
    this.#fn = fn;
    this.#options = options;
  }

  /** Bytes of the events that wait. */
  get waitingBytes(): number {
    return [...this.#waiting].reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }

  /**
   * A process for one request, to be released; `undefined` when `signal` aborts first, or all stop.
   */
  acquire(sizeBytes: number, signal: AbortSignal | undefined): Promise<Worker | undefined> {
    if (signal?.aborted || this.#stopped) return Promise.resolve(undefined);
    const { promise, resolve } = Promise.withResolvers<Worker | undefined>();
    const leave = () => {
      this.#waiting.delete(waiter);
      resolve(undefined);
    };
    const waiter: Waiter = {
      sizeBytes,
      resolve: (worker) => {
        signal?.removeEventListener('abort', leave);
        resolve(worker);
      },
    };
    signal?.addEventListener('abort', leave, { once: true });
    this.#waiting.add(waiter);
    this.#serve();
    return promise;
  }

  release(worker: Worker): void {
    if (worker.usable) {
      const keep = this.#options.clock.after(IDLE_MS, () => {
        this.#idle.delete(worker);
        void worker.stop();
      });
      this.#idle.set(worker, keep);
    }
    this.#serve();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { resolve } of this.#waiting) resolve(undefined);
    this.#waiting.clear();
    for (const keep of this.#idle.values()) keep();
    await Promise.all([...this.#all].map((worker) => worker.stop()));
  }

  #serve(): void {
    for (const waiter of this.#waiting) {
      const worker = this.#takeIdle() ?? this.#start();
      if (!worker) return;
      this.#waiting.delete(waiter);
      waiter.resolve(worker);
    }
  }

  #takeIdle(): Worker | undefined {
    const [worker, keep] = [...this.#idle].at(-1) ?? [];
    if (!worker) return undefined;
    keep?.();
    this.#idle.delete(worker);
    return worker;
  }

  #start(): Worker | undefined {
    if (this.#all.size >= this.#options.maxProcesses) return undefined;
    const worker = new Worker(this.#fn, this.#options);
    this.#all.add(worker);
    void worker.ended.then(() => this.#forget(worker));
    return worker;
  }

  /** Whether it failed or was killed while idle: another one may take its place. */
  #forget(worker: Worker): void {
    this.#idle.get(worker)?.();
    this.#idle.delete(worker);
    this.#all.delete(worker);
    if (!this.#stopped) this.#serve();
  }
}
