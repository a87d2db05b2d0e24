import { setTimeout as delay } from 'node:timers/promises';
import { isCanceled, type TransientReason, transientReason } from './errors.ts';

/** Why the database was given up. */
export type BusyReason = TransientReason | 'canceled' | 'no_answer';

/**
 * The database could not do the work in the time there was; whether it has done it is not known.
 */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError';
  readonly reason: BusyReason;

  constructor(reason: BusyReason, cause?: unknown) {
    super(`The database did not do the work in time (${reason}).`, { cause });
    this.reason = reason;
  }
}

export interface RetryOptions {
  /** When to give up, in milliseconds since the epoch. */
  readonly deadlineAt: number;
  /** How much longer a try may take that has begun by then. @default it is cut off */
  readonly graceMs?: number;
  readonly onRetry?: (retry: { attempt: number; reason: TransientReason; delayMs: number }) => void;
  /** @default Date.now */
  readonly now?: () => number;
  /** @default real waiting */
  readonly wait?: (delayMs: number) => Promise<unknown>;
  /** From 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * What `work` answers, tried again while it fails for a passing reason and there is time.
 * The work may run more than once to its end, because an answer can be lost: it must be idempotent.
 *
 * @throws {DatabaseBusyError} when the time is over, also a statement's own; or what work throws
 */
export async function retrying<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
  const {
    deadlineAt,
    graceMs = 0,
    onRetry,
    now = Date.now,
    wait = delay,
    random = Math.random,
  } = options;
  let isWaking = false;
  for (let attempt = 1; ; attempt++) {
    const leftMs = Math.max(0, deadlineAt + graceMs - now());
    try {
      return await beforeDeadline(work(), leftMs);
    } catch (error) {
      // A try that time cut off says nothing of the database; the one before it did.
      if (isWaking && error instanceof DatabaseBusyError) {
        throw new DatabaseBusyError('resuming', error);
      }
      // What took so long would do so again, of a database that has enough to do.
      if (isCanceled(error)) throw new DatabaseBusyError('canceled', error);
      const reason = transientReason(error);
      if (!reason) throw error;
      isWaking = reason === 'resuming';
      const delayMs = Math.round(backoffMs(reason, attempt) * (0.5 + random() / 2));
      if (now() + delayMs >= deadlineAt) throw new DatabaseBusyError(reason, error);
      onRetry?.({ attempt, reason, delayMs });
      await wait(delayMs);
    }
  }
}

/**
 * The longest pause before the next attempt; half to all of it is taken, so that rivals come apart.
 */
function backoffMs(reason: TransientReason, attempt: number): number {
  const { firstMs, mostMs } = BACKOFF[reason];
  return Math.min(mostMs, firstMs * 2 ** (attempt - 1));
}

const BACKOFF: Record<TransientReason, { firstMs: number; mostMs: number }> = {
  conflict: { firstMs: 20, mostMs: 500 },
  connection: { firstMs: 50, mostMs: 2_000 },
  transaction_lost: { firstMs: 50, mostMs: 2_000 },
  too_late: { firstMs: 50, mostMs: 2_000 },
  throttled: { firstMs: 200, mostMs: 3_000 },
  unavailable: { firstMs: 200, mostMs: 2_000 },
  statement_timeout: { firstMs: 200, mostMs: 2_000 }, // 45 s have passed already
  resuming: { firstMs: 1_000, mostMs: 3_000 }, // waking takes 10 to 30 s
};

/**
 * What `work` comes to within so many milliseconds; it may go on after that.
 *
 * @throws {DatabaseBusyError} when the time is over
 */
export async function beforeDeadline<T>(work: Promise<T>, leftMs: number): Promise<T> {
  // No `AbortController`: its error with a stack takes longer than all else here.
  const { promise: timeout, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DatabaseBusyError('no_answer')), leftMs);
  try {
    return await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
