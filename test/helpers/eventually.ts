import { setTimeout as delay } from 'node:timers/promises';

/** Far more than anything takes, and less than a test may: a busy machine makes none red. */
const PATIENCE_MS = 280_000;
const PAUSE_MS = 5;
/** Looking takes no more than a fifth of a core from what is waited for. */
const PAUSE_OF_LOOK = 4;

/**
 * What `look` answers once it throws no more: for what another process does in its own time, which
 * no test can know.
 */
export async function eventually<T>(look: () => T | Promise<T>): Promise<T> {
  const begunMs = performance.now();
  for (;;) {
    const lookedMs = performance.now();
    try {
      return await look();
    } catch (error) {
      if (lookedMs - begunMs > PATIENCE_MS) throw error;
    }
    await delay(Math.max(PAUSE_MS, PAUSE_OF_LOOK * (performance.now() - lookedMs)));
  }
}
