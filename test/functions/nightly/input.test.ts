import { describe, expect, it } from 'vitest';
import { parseTask } from '../../../functions/nightly/input.ts';

const TODAY = '2025-11-12';
const until = (to: string) => parseTask({ from: '2025-11-10', to }, TODAY);

describe('what the nightly function is to compute', () => {
  it('is up to today, which has not ended, and nothing of the future', () => {
    expect(until('2025-11-13')).toEqual({ kind: 'backfill', from: '2025-11-10', to: '2025-11-13' });
    expect(() => until('2025-11-14')).toThrow(
      'There are days of the future in 2025-11-10 to 2025-11-13: the last that can be computed is today, 2025-11-12 (UTC).',
    );
  });

  it('is the day before a night, however late that is, but of no night that is to come', () => {
    const night = (scheduled_time: string) => parseTask({ scheduled_time }, TODAY);
    const lastNight = { kind: 'night', from: '2025-11-11', to: '2025-11-12' };
    expect(night('2025-11-12T00:15:00Z')).toEqual(lastNight);
    expect(() => night('2025-11-14T00:15:00Z')).toThrow(/^There are days of the future in /);
  });

  it('may be the last day that there is', () => {
    const last = { from: '9999-12-31', to: '10000-01-01' };
    expect(parseTask(last, '9999-12-31')).toMatchObject(last);
  });
});
