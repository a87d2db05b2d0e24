import { describe, expect, it } from 'vitest';
import { alarmEmail } from '../../lib/alarm-email.ts';
import { getStage } from '../../lib/stages.ts';

const production = getStage('production');
const dev = getStage('dev');

describe('alarmEmail', () => {
  it('is the address that was said', () => {
    for (const stage of [production, dev]) {
      expect(alarmEmail(stage, 'ops@example.com')).toBe('ops@example.com');
    }
  });

  it.each([undefined, ''])('refuses production when nothing was said: %j', (given) => {
    expect(() => alarmEmail(production, given)).toThrow('-c alarmEmail=ops@example.com');
    expect(alarmEmail(dev, given)).toBeUndefined();
  });

  it('is nowhere when that was said', () => {
    expect(alarmEmail(production, 'none')).toBeUndefined();
    expect(alarmEmail(dev, 'none')).toBeUndefined();
  });

  it('refuses what is no address', () => {
    expect(() => alarmEmail(dev, 'nobody')).toThrow('"nobody" is no address');
  });
});
