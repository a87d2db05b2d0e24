/**
 * What `work` comes to, or `undefined` when it takes longer than `limitMs`. It is told by its signal when
 * that is so, or when `gone` aborts: what has not begun by then need not.
 */
export async function withTimeout<T>(
  work: (signal: AbortSignal) => Promise<T>,
  limitMs: number,
  gone: AbortSignal,
): Promise<T | undefined> {
  const tooLate = new AbortController();
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
    tooLate.abort();
  }, limitMs);
  try {
    return await Promise.race([work(AbortSignal.any([tooLate.signal, gone])), promise]);
  } finally {
    clearTimeout(timer);
  }
}
