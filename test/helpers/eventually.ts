import { vi } from 'vitest';

/**
 * What `look` answers once it throws no more: for what another process does in its own time, which
 * no test can know. A test ends only at its own limit, so that a busy machine makes none red.
 */
export const eventually = <T>(look: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(look, { timeout: 280_000, interval: 5 });
