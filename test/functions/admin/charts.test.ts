import { describe, expect, it } from 'vitest';
import { addDays } from '../../../db/days.ts';
import { barsOf } from '../../../functions/admin/charts/bars.ts';
import { periodChart } from '../../../functions/admin/charts/period-chart.ts';
import { scaleOf } from '../../../functions/admin/charts/scale.ts';

const LAST = '2025-11-12';
const day = (name: string, total_revenue = '10.00') => ({
  day: name,
  orders_count: 1,
  total_revenue,
});

describe('the bars of a period', () => {
  it.each([
    [92, 'day', 92],
    [93, 'week', 14],
    [732, 'week', 106],
    [733, 'month', 25],
  ])('of %i days are one a %s', (period, span, places) => {
    expect(barsOf([], LAST, period)).toMatchObject({ span, places });
  });

  it('are weeks from Monday on, as far as they are in the period, to the cent', () => {
    const days = ['2025-07-17', '2025-11-03', '2025-11-09', '2025-11-10', '2025-11-12'];
    const { bars, firstDay } = barsOf(
      days.map((name) => day(name, '0.10')),
      LAST,
      120,
    );
    expect(firstDay).toBe('2025-07-16');
    expect(bars).toEqual([
      { first: '2025-07-16', last: '2025-07-20', place: 0, orders_count: 1, total_revenue: '0.10' },
      {
        first: '2025-11-03',
        last: '2025-11-09',
        place: 16,
        orders_count: 2,
        total_revenue: '0.20',
      },
      {
        first: '2025-11-10',
        last: '2025-11-12',
        place: 17,
        orders_count: 2,
        total_revenue: '0.20',
      },
    ]);
  });

  it('reach over the ends of years, and to the last day of all', () => {
    const { bars, places } = barsOf([day('9999-12-31')], '9999-12-31', 1_095);
    expect(places).toBe(36);
    expect(bars).toMatchObject([{ first: '9999-12-01', last: '9999-12-31', place: 35 }]);
    const [first] = barsOf([day('1970-01-01')], '1970-01-03', 120).bars;
    expect(first).toMatchObject({ first: '1970-01-01', last: '1970-01-03' });
  });
});

describe('the scale', () => {
  it.each([
    [[10, 20, 30, 40, 160], undefined],
    [[10, 20, 30, 40, 161], 161],
    [[10, 20, 30, 400], undefined], // of three others nobody knows what is usual
    [[-10, 20, 30, 40, -161], -161],
    [[], undefined],
  ])('of %j breaks off %s', (values, broken) => {
    expect(scaleOf(values).broken).toBe(broken);
  });

  it('is that of the others where one is broken off, with room for it', () => {
    expect(scaleOf([10, 20, 30, 40, 1_000])).toMatchObject({ highest: 50, lowest: 0 });
    expect(scaleOf([10, 20, 30, 40, -1_000])).toMatchObject({ highest: 40, lowest: 50 });
  });
});

describe('the scale of whole numbers', () => {
  it.each([
    [1, 1],
    [3, 4],
    [5, 6],
    [7, 8],
    [13, 16],
    [70, 80],
    [101, 120],
  ])('up to %i ends at %i, with a whole one in its middle', (value, highest) => {
    expect(scaleOf([value], { isWhole: true })).toMatchObject({ highest });
  });
});

describe('the chart of a period', () => {
  const usual = Array.from({ length: 6 }, (_, i) => day(addDays(LAST, i - 5), `${10 + i}.00`));
  const chartOf = (days: typeof usual) =>
    periodChart({ bars: barsOf(days, LAST, 30), href: (from, to) => `/${from}/${to}` }).toString();

  it('breaks off a bar that is far above the others, and says its number at its place', () => {
    const chart = chartOf(usual.with(2, day('2025-11-09', '9999.99')));
    expect(chart.match(/class="break"/g)).toHaveLength(1);
    const [bar = ''] = /<a href="\/2025-11-09\/.*?<\/a>/s.exec(chart) ?? [];
    expect(bar).toContain('aria-label="2025-11-09: 9,999.99, 1 order; the bar is broken off"');
    expect(bar).toContain('y="0" width="8" height="100"');
    expect(bar).toContain('<path class="break"');
    expect(chart).toContain('<text x="88.3%" y="1em" text-anchor="end">9,999.99</text>');
    expect(chart).toContain('top 20'); // the others are seen as before
  });

  it('counts orders by whole ones', () => {
    const chart = chartOf([{ ...day(LAST), orders_count: 7 }]);
    expect(chart).toContain('<strong>Orders</strong><span>line 4 · top 8</span>');
  });

  it('breaks off none that is not', () => {
    expect(chartOf(usual)).not.toContain('break');
    expect(chartOf(usual)).not.toContain('chart-number');
  });

  it('breaks off a refund below the axis', () => {
    const chart = chartOf(usual.with(2, day('2025-11-09', '-9999.99')));
    const [bar = ''] = /<a href="\/2025-11-09\/.*?<\/a>/s.exec(chart) ?? [];
    const [, y = '', height = ''] = /y="([\d.]+)" width="8" height="([\d.]+)"/.exec(bar) ?? [];
    expect(Number(y) + Number(height)).toBeCloseTo(100);
    expect(bar).toContain('<path class="break"');
  });
});
