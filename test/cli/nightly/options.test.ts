import { describe, expect, it } from 'vitest';
import { parseNightlyOptions } from '../../../cli/nightly/options.ts';

describe('parseNightlyOptions', () => {
  it('reads a period and a folder', () => {
    expect(
      parseNightlyOptions(['--from', '2025-01-01', '--to', '2025-02-01', '--data', '/data']),
    ).toEqual({ from: '2025-01-01', to: '2025-02-01', dataDir: '/data' });
    expect(parseNightlyOptions(['--help'])).toBe('help');
  });

  it('reads a period that has the last day of 9999 in it', () => {
    const args = ['--from', '9999-12-31', '--to', '10000-01-01'];
    expect(parseNightlyOptions(args)).toMatchObject({ from: '9999-12-31', to: '10000-01-01' });
  });

  it.each([
    [[], '--from is missing'],
    [['--from', '2025-01-01'], '--to is missing'],
    [
      ['--from', '2025-01-32', '--to', '2025-02-01'],
      '--from 2025-01-32: it must be an existing day',
    ],
    [['--from', '2025-01-01', '--to', 'today'], '--to today: it must be an existing day'],
    [['--from', '2025-02-01', '--to', '2025-02-01'], '--to must be after --from'],
    [
      ['--from', '2025-01-01', '--to', '2025-02-01', '--data', ''],
      '--data needs the name of a folder',
    ],
    [['--form', '2025-01-01'], "Unknown option '--form'"],
  ])('refuses %j: %s', (args, message) => {
    expect(() => parseNightlyOptions(args)).toThrow(message);
  });
});
