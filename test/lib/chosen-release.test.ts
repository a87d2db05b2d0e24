import { describe, expect, it } from 'vitest';
import { chosenRelease } from '../../lib/chosen-release.ts';
import { getStage } from '../../lib/stages.ts';

describe('chosenRelease', () => {
  it('is by a tenth of the requests in production, and at once in dev', () => {
    expect(chosenRelease(getStage('production'), undefined)).toBe('canary');
    expect(chosenRelease(getStage('dev'), undefined)).toBe('at-once');
  });

  it('is what was said of this deploy', () => {
    expect(chosenRelease(getStage('production'), 'at-once')).toBe('at-once');
    expect(chosenRelease(getStage('dev'), 'canary')).toBe('canary');
  });

  it.each(['', 'slowly'])('refuses "%s", and says what there is', (given) => {
    expect(() => chosenRelease(getStage('dev'), given)).toThrow(
      `"${given}" is no way to release. Say -c release=canary or at-once.`,
    );
  });
});
