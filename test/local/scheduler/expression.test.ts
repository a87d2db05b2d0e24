import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../local/scheduler/expression.ts';

const at = (text: string) => Date.parse(text);

/** The first times of an expression after an instant. */
function times(expression: string, after: string, count = 2, timezone = 'UTC', start = after) {
  const { next } = parseExpression(expression, timezone, at(start));
  const found: string[] = [];
  let ms: number | undefined = at(after);
  while (found.length < count) {
    ms = next(ms);
    if (ms === undefined) break;
    found.push(new Date(ms).toISOString().replace(':00.000Z', 'Z'));
  }
  return found;
}

describe('parseExpression', () => {
  it.each([
    ['15 0 * * ? *', '2025-11-12T00:14:59Z', ['2025-11-12T00:15Z', '2025-11-13T00:15Z']],
    ['15 0 * * ? *', '2025-11-12T00:15:00Z', ['2025-11-13T00:15Z', '2025-11-14T00:15Z']],
    ['0/20 8-9 * * ? *', '2025-11-12T09:30:00Z', ['2025-11-12T09:40Z', '2025-11-13T08:00Z']],
    ['0 12 ? * MON-FRI *', '2025-11-14T12:00:00Z', ['2025-11-17T12:00Z', '2025-11-18T12:00Z']],
    ['0 12 ? * 1,SAT *', '2025-11-14T12:00:00Z', ['2025-11-15T12:00Z', '2025-11-16T12:00Z']],
    ['0 0 L * ? *', '2024-02-01T00:00:00Z', ['2024-02-29T00:00Z', '2024-03-31T00:00Z']],
    ['0 0 15W * ? *', '2025-11-01T00:00:00Z', ['2025-11-14T00:00Z', '2025-12-15T00:00Z']],
    ['0 0 1W * ? *', '2025-11-01T00:00:00Z', ['2025-11-03T00:00Z', '2025-12-01T00:00Z']],
    ['0 0 LW * ? *', '2025-11-01T00:00:00Z', ['2025-11-28T00:00Z', '2025-12-31T00:00Z']],
    ['0 0 ? * 6L *', '2025-11-01T00:00:00Z', ['2025-11-28T00:00Z', '2025-12-26T00:00Z']],
    ['0 0 ? * 3#2 *', '2025-11-01T00:00:00Z', ['2025-11-11T00:00Z', '2025-12-09T00:00Z']],
    ['0 0 29 FEB ? *', '2025-11-01T00:00:00Z', ['2028-02-29T00:00Z', '2032-02-29T00:00Z']],
    ['0 0 1 1 ? 2026-2027', '2025-11-01T00:00:00Z', ['2026-01-01T00:00Z', '2027-01-01T00:00Z']],
    ['0 0 1 1 ? 2020', '2025-11-01T00:00:00Z', []],
  ])('reads cron(%s)', (cron, after, expected) => {
    expect(times(`cron(${cron})`, after)).toEqual(expected);
  });

  it('reads a cron in its time zone, leaves out times that are skipped and takes doubled ones once', () => {
    const zone = 'Europe/Berlin';
    expect(times('cron(30 2 * * ? *)', '2025-03-28T12:00:00Z', 3, zone)).toEqual([
      '2025-03-29T01:30Z',
      '2025-03-31T00:30Z', // on the 30th clocks go from 2:00 to 3:00
      '2025-04-01T00:30Z',
    ]);
    expect(times('cron(30 2 * * ? *)', '2025-10-25T12:00:00Z', 2, zone)).toEqual([
      '2025-10-26T00:30Z', // and once more at 1:30 UTC, which does not count
      '2025-10-27T01:30Z',
    ]);
  });

  it.each([
    ['rate(1 hour)', ['2025-11-12T11:05Z', '2025-11-12T12:05Z']],
    ['rate(90 minutes)', ['2025-11-12T11:35Z', '2025-11-12T13:05Z']],
    ['rate(1 day)', ['2025-11-13T10:05Z', '2025-11-14T10:05Z']],
  ])('reads %s, counted from its start', (rate, expected) => {
    const start = '2025-11-12T10:05:00Z';
    expect(times(rate, start, 2, 'UTC', start)).toEqual(expected);
    expect(times(rate, '2025-11-12T10:30:00Z', 2, 'UTC', start)).toEqual(expected);
  });

  it('reads at(…), which comes once', () => {
    const expression = 'at(2025-11-12T10:00:00)';
    expect(times(expression, '2025-11-01T00:00:00Z', 2, 'America/New_York')).toEqual([
      '2025-11-12T15:00Z',
    ]);
  });

  it.each([
    'cron(15 0 * * *)',
    'cron(15 0 * * * *)',
    'cron(15 0 ? * ? *)',
    'cron(60 0 * * ? *)',
    'cron(0 24 * * ? *)',
    'cron(0 0 0 * ? *)',
    'cron(0 0 ? * 0 *)',
    'cron(0 0 ? * FRI-MON *)',
    'cron(0/0 0 * * ? *)',
    'cron(a 0 * * ? *)',
    'rate(0 hours)',
    'rate(1 hours)',
    'rate(5 seconds)',
    'at(2025-11-12)',
    'every night',
  ])('refuses %s', (expression) => {
    expect(() => parseExpression(expression, 'UTC', 0)).toThrow('cannot be read');
  });

  it('refuses a time zone that there is not', () => {
    expect(() => parseExpression('cron(0 0 * * ? *)', 'Mars/Base', 0)).toThrow('Mars/Base');
  });
});
