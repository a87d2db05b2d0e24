import { setTimeout as delay } from 'node:timers/promises';
import { ServiceError } from '../service-error.ts';

/** Together with the 29 s that a function waits itself, enough for a database that wakes up. */
const PAUSES_MS = [1_000, 3_000, 10_000];

/** Does what may fail for a while again; the last failure is told. */
export async function patiently<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  pausesMs: readonly number[] = PAUSES_MS,
): Promise<T> {
  for (const pauseMs of pausesMs) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await delay(pauseMs, undefined, { signal });
    }
  }
  return work();
}

/** Where nothing answered, or too much is asked, or the service has failed. */
function mayPass(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  return error.status === undefined || error.status === 429 || error.status >= 500;
}
