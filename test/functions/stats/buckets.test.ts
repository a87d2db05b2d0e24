import { describe, expect, it } from 'vitest';
import { type Bucket, fillBuckets, startOfLater } from '../../../functions/stats/buckets.ts';

const bucket = (date: string) => ({
  date,
  orders_count: 1,
  total_revenue: '2.00',
  avg_order_value: '2.00',
});

/** A bucket as `2025-11-12`, with `*` when it has orders and `~` when it is partial. */
const brief = ({ date, orders_count, partial }: Bucket) =>
  `${date}${orders_count ? '*' : ''}${partial ? '~' : ''}`;

function fill(found: string[], asked: Parameters<typeof fillBuckets>[1]) {
  const { from, to, buckets } = fillBuckets(found.map(bucket), asked);
  return { period: `${from} ${to}`, buckets: buckets.map(brief) };
}

describe('fillBuckets', () => {
  it('fills days without orders with zeros', () => {
    const period = { from: '2024-02-28', to: '2024-03-02', granularity: 'day' } as const;
    expect(fill(['2024-02-29'], period).buckets).toEqual([
      '2024-02-28',
      '2024-02-29*',
      '2024-03-01',
    ]);
    expect(fillBuckets([], period).buckets[0]).toEqual({
      date: '2024-02-28',
      orders_count: 0,
      total_revenue: '0.00',
      avg_order_value: '0.00',
      partial: false,
    });
  });

  it.each([
    ['2024-12-30', '2025-01-06', ['2024-12-30']],
    ['2024-12-31', '2025-01-06', ['2024-12-30~']],
    ['2024-12-29', '2025-01-07', ['2024-12-23~', '2024-12-30', '2025-01-06~']],
    ['2025-01-01', '2025-01-02', ['2024-12-30~']],
    ['1970-01-01', '1970-01-06', ['1969-12-29~', '1970-01-05~']],
  ])('begins ISO weeks on Mondays and marks those that %s to %s cuts', (from, to, expected) => {
    expect(fill([], { from, to, granularity: 'week' }).buckets).toEqual(expected);
  });

  it.each([
    ['2024-01-31', '2024-04-01', ['2024-01-01~', '2024-02-01', '2024-03-01']],
    ['2025-11-01', '2026-01-02', ['2025-11-01', '2025-12-01', '2026-01-01~']],
  ])('marks the months that %s to %s cuts', (from, to, expected) => {
    expect(fill([], { from, to, granularity: 'month' }).buckets).toEqual(expected);
  });

  it('reaches from the first to the last bucket with orders when no period is given', () => {
    expect(fill(['2025-11-03', '2025-11-17'], { granularity: 'week' })).toEqual({
      period: '2025-11-03 2025-11-24',
      buckets: ['2025-11-03*', '2025-11-10', '2025-11-17*'],
    });
  });

  it.each([
    [{ from: '2025-11-10' }, '2025-11-10 2025-11-13', ['2025-11-10', '2025-11-11', '2025-11-12*']],
    [{ to: '2025-11-14' }, '2025-11-12 2025-11-14', ['2025-11-12*', '2025-11-13']],
  ])('reaches to the orders on the side where there is no bound: %j', (asked, period, buckets) => {
    expect(fill(['2025-11-12'], { ...asked, granularity: 'day' })).toEqual({ period, buckets });
  });

  it.each([
    [{}, 'null null'],
    [{ from: '2025-11-10' }, '2025-11-10 2025-11-10'],
    [{ to: '2025-11-10' }, '2025-11-10 2025-11-10'],
  ])('has no buckets without orders and without both bounds: %j', (asked, period) => {
    expect(fill([], { ...asked, granularity: 'month' })).toEqual({ period, buckets: [] });
  });

  it('answers 400 buckets and refuses more', () => {
    const days = (to: string) => fill([], { from: '2024-01-01', to, granularity: 'day' });
    expect(days('2025-02-04').buckets).toHaveLength(400);
    expect(() => days('2025-02-05')).toThrow('at most 400 buckets');
  });

  it('goes as far as the calendar', () => {
    expect(fill(['9999-12-27'], { granularity: 'week' })).toEqual({
      period: '9999-12-27 10000-01-03',
      buckets: ['9999-12-27*'],
    });
    expect(fill(['9999-12-01'], { granularity: 'month' }).period).toBe('9999-12-01 10000-01-01');
    expect(fill([], { to: '10000-01-01', granularity: 'day' })).toEqual({
      period: '9999-12-31 10000-01-01',
      buckets: ['9999-12-31'],
    });
  });
});

describe('startOfLater', () => {
  const today = '2025-11-12'; // a Wednesday

  it.each([
    ['day', '2025-11-13'],
    ['week', '2025-11-17'],
    ['month', '2025-12-01'],
  ] as const)('is the day after the %s of today', (granularity, start) => {
    expect(startOfLater({ granularity }, today)).toBe(start);
    expect(startOfLater({ granularity, from: today }, today)).toBe(start);
  });

  it.each([
    { to: '2025-01-01' },
    { from: '2025-11-13' },
    { from: '9999-12-31' },
  ])('is nowhere when the period is bounded by %j', (asked) => {
    expect(startOfLater({ granularity: 'day', ...asked }, today)).toBeUndefined();
  });

  it('is past the calendar on its last day', () => {
    expect(startOfLater({ granularity: 'day' }, '9999-12-31')).toBe('10000-01-01');
  });
});
