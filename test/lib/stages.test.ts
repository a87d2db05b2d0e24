import { describe, expect, it } from 'vitest';
import { getStage } from '../../lib/stages.ts';

describe('getStage', () => {
  it('protects the data of production and not of dev', () => {
    expect(getStage('production').database.protectData).toBe(true);
    expect(getStage('dev').database.protectData).toBe(false);
  });

  it('has a standby of the database in production', () => {
    expect(getStage('production').database.standby).toBe(true);
  });

  it('lets the database pause in dev and never in production', () => {
    expect(getStage('dev').database.capacity.minAcu).toBe(0);
    expect(getStage('production').database.capacity.minAcu).toBeGreaterThan(0);
  });

  it('names the stages there are when asked for another', () => {
    expect(() => getStage('prod')).toThrow(
      'There is no stage "prod". The stages are: dev, production (choose one with -c stage=…).',
    );
  });
});
