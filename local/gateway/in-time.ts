import { setTimeout as delay } from 'node:timers/promises';

/** What `work` comes to, or `undefined` when it takes longer than `limitMs`. */
export async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T | undefined> {
  const timer = new AbortController();
  const tooLate = delay(limitMs, undefined, { signal: timer.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    timer.abort();
  }
}
