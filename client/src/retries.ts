import { ConnectionError, ProblemError } from './errors.ts';

/** How long a call is tried again, and when. */
export interface RetryOptions {
  /** How often a request is sent at most. @default 10 */
  readonly maxTries?: number | undefined;
  /** When a call is given up, waits and tries together. @default 120_000 */
  readonly deadlineMs?: number | undefined;
  /** How long one try waits for its answer. The service takes 30 s at most. @default 40_000 */
  readonly tryMs?: number | undefined;
  /** The longest first pause; each one after it may be twice as long. @default 500 */
  readonly baseDelayMs?: number | undefined;
  /** The longest pause, unless the service asks for a longer one. @default 20_000 */
  readonly maxDelayMs?: number | undefined;
}

export type Retry = { readonly [Name in keyof RetryOptions]-?: number };

const RETRY_DEFAULTS: Retry = {
  maxTries: 10,
  deadlineMs: 120_000,
  tryMs: 40_000,
  baseDelayMs: 500,
  maxDelayMs: 20_000,
};

/** With what is so by default where nothing is said, or `undefined`. */
export function withDefaults(options: RetryOptions = {}): Retry {
  const said = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...RETRY_DEFAULTS, ...Object.fromEntries(said) };
}

/** The longest that a timer can be set to: some 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A time as timers take it: whole, and not over already. */
export function timerMs(ms: number): number {
  return Math.min(Math.max(Math.ceil(ms), 0), MAX_TIMER_MS);
}

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
      }, timerMs(ms));
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
  { baseDelayMs, maxDelayMs }: Retry,
  random: number,
): number {
  const asked = error instanceof ProblemError ? (error.retryAfterMs ?? 0) : 0;
  return asked + random * Math.min(maxDelayMs, baseDelayMs * 2 ** (tries - 1));
}
