import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import {
  addDays,
  boundsOf,
  dayNumber,
  dayOf,
  dayText,
  earlierDay,
  isDay,
  isEndOfPeriod,
  type Span,
  startAfter,
  startOf,
} from '../../db/days.ts';

let client: pg.Client;
beforeAll(async () => {
  client = new pg.Client(inject('cloud').postgresUrl);
  await client.connect();
});
afterAll(() => client.end());

const LAST = dayNumber('9999-12-31');
const anyDay = fc.integer({ min: 0, max: LAST }).map(dayText);
const anySpan = fc.constantFrom<Span>('day', 'week', 'month', 'year');

describe('days', () => {
  it.each(['1970-01-01', '2024-02-29', '2000-02-29', '9999-12-31'])('are: %s', (text) => {
    expect([isDay(text), isEndOfPeriod(text)]).toEqual([true, true]);
  });

  it.each([
    '',
    '1969-12-31',
    '0001-01-01',
    '2025-02-30',
    '2100-02-29',
    '2025-13-01',
    '2025-00-10',
    '2025-1-1',
    '2025-01-01 ',
    '10000-01-02',
    '+10000-01-01',
    '２０２５-01-01',
  ])('are not: %s', (text) => {
    expect([isDay(text), isEndOfPeriod(text)]).toEqual([false, false]);
  });

  it('may have an end of a period that lies after the last one', () => {
    expect([isDay('10000-01-01'), isEndOfPeriod('10000-01-01')]).toEqual([false, true]);
    expect(addDays('9999-12-31', 1)).toBe('10000-01-01');
    expect(addDays('10000-01-01', -1)).toBe('9999-12-31');
    expect(earlierDay('10000-01-01', '9999-12-31')).toBe('9999-12-31');
  });

  it('are those of an instant', () => {
    expect(dayOf(0)).toBe('1970-01-01');
    expect(dayOf(-1)).toBe('1969-12-31');
    expect(dayOf(Date.parse('9999-12-31T23:59:59.999Z'))).toBe('9999-12-31');
  });

  it('are counted, and put into weeks, months and years, as PostgreSQL does', async () => {
    const { rows } = await client.query<Record<'day' | Span | `after_${Span}`, string>>(`
      SELECT d::text AS day, (d - '1970-01-01')::text AS number,
        ${(['week', 'month', 'year'] as const).map(
          (span) => `date_trunc('${span}', d::timestamp)::date::text AS ${span},
            (date_trunc('${span}', d::timestamp) + interval '1 ${span}')::date::text AS after_${span}`,
        )}
      FROM (
        SELECT generate_series('1970-01-01', '9999-12-01', interval '17 months')::date + n AS d
        FROM (VALUES (0), (-1)) AS offsets (n)
        UNION SELECT generate_series('1970-01-01', '1971-01-31', interval '1 day')::date
        UNION SELECT generate_series('9998-12-01', '9999-12-31', interval '1 day')::date
      ) AS days WHERE d >= '1970-01-01'`);
    expect(rows.length).toBeGreaterThan(12_000);
    const differing = rows.filter((row) => {
      const number = dayNumber(row.day);
      return !(
        dayText(number) === row.day &&
        (['week', 'month', 'year'] as const).every(
          (span) =>
            dayText(startOf(number, span)) === row[span] &&
            dayText(startAfter(number, span)) === row[`after_${span}`],
        )
      );
    });
    expect(differing).toEqual([]);
  });

  it('lie in exactly one day, week, month and year', () => {
    fc.assert(
      fc.property(anyDay, anySpan, (day, span) => {
        const number = dayNumber(day);
        const [start, after] = [startOf(number, span), startAfter(number, span)];
        expect(isDay(day)).toBe(true);
        expect(start <= number && number < after).toBe(true);
        expect(startOf(start, span)).toBe(start);
        expect(startOf(after, span)).toBe(after);
        expect(startOf(after - 1, span)).toBe(start);
      }),
    );
  });

  it('are found again from any other day', () => {
    fc.assert(
      fc.property(anyDay, anyDay, (one, other) => {
        expect(addDays(one, dayNumber(other) - dayNumber(one))).toBe(other);
        expect(earlierDay(one, other)).toBe(one < other ? one : other);
      }),
    );
  });

  it.each([
    ['9999', '9999-01-01', '9999-12-31'],
    ['9999-12', '9999-12-01', '9999-12-31'],
    ['9999-12-31', '9999-12-31', '9999-12-31'],
    ['1970', '1970-01-01', '1970-12-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
  ])('of %s are %s to %s', (part, first, last) => {
    expect(boundsOf(part)).toEqual([first, last]);
  });
});
