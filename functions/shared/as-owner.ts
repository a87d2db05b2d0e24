import { setTimeout as delay } from 'node:timers/promises';
import { isLoginRefused } from '../../db/data-api/errors.ts';

const PAUSE_MS = 500;
const ATTEMPTS = 10;

/**
 * What work as the owner answers, done again for some five seconds while the owner is not let in:
 * a rotation changes its password a moment before its secret says so.
 */
export async function asOwner<T>(
  work: () => Promise<T>,
  wait: (delayMs: number) => Promise<unknown> = delay,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isLoginRefused(error) || attempt === ATTEMPTS) throw error;
      await wait(PAUSE_MS);
    }
  }
}
