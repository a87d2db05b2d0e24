import { ConnectionError, ProblemError } from './errors.ts';

/** How long a call is tried again, and when. */
export interface RetryOptions {
  /** How often a request is sent at most. @default 10 */
  readonly maxTries?: number;
  /** When a call is given up, waits and tries together. @default 120_000 */
  readonly deadlineMs?: number;
  /** How long one try waits for its answer. The service takes 30 s at most. @default 40_000 */
  readonly tryMs?: number;
  /** The longest first pause; each one after it may be twice as long. @default 500 */
  readonly baseDelayMs?: number;
  /** The longest pause, unless the service asks for a longer one. @default 20_000 */
  readonly maxDelayMs?: number;
}

export const RETRY_DEFAULTS = {
  maxTries: 10,
  deadlineMs: 120_000,
  tryMs: 40_000,
  baseDelayMs: 500,
  maxDelayMs: 20_000,
} as const satisfies Required<RetryOptions>;

/** What time and chance are taken from. */
export interface Clock {
  now(): number;
  /** @throws the signal's reason, at once, when that is aborted */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** From 0 up to 1. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal?.addEventListener('abort', stop, { once: true });
    }),
};

/** 500 is also API Gateway's answer when the database that keys are looked up in wakes up. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether the same request may succeed when it is sent again. */
export function isPassing(error: unknown): boolean {
  if (error instanceof ProblemError) return PASSING.has(error.status);
  return error instanceof ConnectionError;
}

/**
 * How long to wait after a try: any time up to one that doubles ("full jitter"), so that clients
 * which failed together do not come back together; and what the service asks for before that.
 *
 * @param tries how many there have been
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function delayMs(
  error: unknown,
  tries: number,
  { baseDelayMs, maxDelayMs }: Required<RetryOptions>,
  random: number,
): number {
  const asked = error instanceof ProblemError ? (error.retryAfterMs ?? 0) : 0;
  return asked + random * Math.min(maxDelayMs, baseDelayMs * 2 ** (tries - 1));
}
