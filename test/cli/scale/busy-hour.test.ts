import { describe, expect, it } from 'vitest';
import { playBusyHour } from '../../../cli/scale/busy-hour.ts';

const ENOUGH = { burst: 100, requestsPerSecond: 100, functions: 100, processors: 1 };
const ONE = { count: 1, withinS: 60, databaseMs: 10, functionMs: 5 };
const atOnce = (count: number) => ({ ...ONE, count, withinS: 0 });
const half = () => 0.5;

describe('a busy hour', () => {
  it('has an upload alone take what it takes', () => {
    expect(playBusyHour(ENOUGH, ONE, half)).toEqual({
      refusedShare: 0,
      givenUpShare: 0,
      waitsMs: [expect.closeTo(15)],
      storedAfterMs: expect.closeTo(30_015),
    });
  });

  it('shares the processors of the database among what is under way', () => {
    expect(playBusyHour(ENOUGH, atOnce(2), half).waitsMs).toEqual([25, 25]);
    const two = { ...ENOUGH, processors: 2 };
    expect(playBusyHour(two, atOnce(2), half).waitsMs).toEqual([15, 15]);
    expect(playBusyHour(two, atOnce(4), half).waitsMs).toEqual([25, 25, 25, 25]);
  });

  it('refuses what the throttle does not let in, which comes again later', () => {
    const hour = playBusyHour({ ...ENOUGH, burst: 1, requestsPerSecond: 1 }, atOnce(2), half);
    expect(hour.refusedShare).toBe(0.5);
    expect(hour.givenUpShare).toBe(0);
    // 250, 500 and 1,000 ms of waiting: by the third time there is room.
    expect(hour.waitsMs).toEqual([15, 1_765]);
  });

  it('refuses what no function is free for', () => {
    const hour = playBusyHour({ ...ENOUGH, functions: 1 }, atOnce(2), half);
    expect(hour).toMatchObject({ refusedShare: 0.5, waitsMs: [15, 265] });
  });

  it('has a client give up after ten tries', () => {
    const hour = playBusyHour({ ...ENOUGH, burst: 1, requestsPerSecond: 0 }, atOnce(4), half);
    expect(hour).toMatchObject({ refusedShare: 0.75, givenUpShare: 0.75, waitsMs: [15] });
  });
});
