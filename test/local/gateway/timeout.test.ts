import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../local/aws/clock.ts';
import { withTimeout } from '../../../local/gateway/timeout.ts';

describe('withTimeout', () => {
  it('tells the work that its time is over, so that it need not begin', async () => {
    const told = Promise.withResolvers<AbortSignal>();
    const work = (signal: AbortSignal) => {
      told.resolve(signal);
      return new Promise<never>(() => {});
    };
    expect(await withTimeout(work, 1, new AbortController().signal, systemClock)).toBeUndefined();
    expect((await told.promise).aborted).toBe(true);
  });
});
