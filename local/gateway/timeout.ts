import type { Clock } from '../aws/clock.ts';

/**
 * What `work` comes to, or `undefined` when it takes longer than `limitMs`. It is told by its
 * signal when that is so, or when `gone` aborts: what has not begun by then need not.
 */
export async function withTimeout<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limitMs: number,
  gone: AbortSignal,
  clock: Clock,
): Promise<T | undefined> {
  const tooLate = new AbortController();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stopTimer = clock.after(limitMs, () => {
    resolve(undefined);
    tooLate.abort();
  });
  try {
    return await Promise.race([work(AbortSignal.any([tooLate.signal, gone])), promise]);
  } finally {
    stopTimer();
  }
}
