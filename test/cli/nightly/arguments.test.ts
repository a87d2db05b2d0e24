import { describe, expect, it } from 'vitest';
import { readNightlyArguments } from '../../../cli/nightly/arguments.ts';

describe('readNightlyArguments', () => {
  it('reads a period and a folder', () => {
    expect(
      readNightlyArguments(['--from', '2025-01-01', '--to', '2025-02-01', '--data', '/data']),
    ).toEqual({ from: '2025-01-01', to: '2025-02-01', dataDir: '/data' });
    expect(readNightlyArguments(['--help'])).toBe('help');
  });

  it('reads a period up to today, and refuses days of the future', () => {
    const until = (to: string, today: string) =>
      readNightlyArguments(['--from', '2025-11-01', '--to', to], today);
    expect(until('2025-11-13', '2025-11-12')).toMatchObject({ to: '2025-11-13' });
    expect(() => until('2025-11-14', '2025-11-12')).toThrow(
      '--to 2025-11-14: days of the future cannot be computed; it may be 2025-11-13 at most, the day after today (UTC).',
    );
    expect(until('10000-01-01', '9999-12-31')).toMatchObject({ to: '10000-01-01' });
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
    [['--form', '2025-01-01'], "Unknown option '--form'. Did you mean --from?"],
  ])('refuses %j: %s', (args, message) => {
    expect(() => readNightlyArguments(args)).toThrow(message);
  });
});
