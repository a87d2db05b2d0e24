import { describe, expect, it } from 'vitest';
import type { LastNight } from '../../../db/admin/health.ts';
import type { Overview } from '../../../db/admin/overview.ts';
import { change } from '../../../functions/admin/overview/change.ts';
import { overviewPage } from '../../../functions/admin/overview/overview-page.ts';
import { verdict } from '../../../functions/admin/runs/verdict.ts';
import { visibleText } from './pages.ts';

const figures = (orders_count: number, total_revenue: string, kept_revenue = total_revenue) => ({
  orders_count,
  total_revenue,
  kept_revenue,
});
const compared = (day: string, own: string, dayBefore: string, before: string) => ({
  first_day: day,
  last_day: day,
  ...figures(2, own, '0.50'),
  before: { first_day: dayBefore, last_day: dayBefore, ...figures(1, before) },
});

const OVERVIEW: Overview = {
  periods: {
    today: compared('2025-11-13', '1234.50', '2025-11-06', '1000.00'),
    yesterday: compared('2025-11-12', '0.00', '2025-11-05', '0.00'),
    week: compared('2025-11-10', '1234.50', '2025-11-03', '2469.00'),
    days: compared('2025-10-15', '1234.50', '2025-09-15', '0.00'),
  },
  days: [
    { day: '2025-10-14', ...figures(1, '500.00') },
    { day: '2025-11-13', ...figures(2, '1234.50', '0.50') },
  ],
  statuses: [{ status: 'paid & sent', ...figures(2, '1234.50') }],
  sellers: [{ seller: 'A&B', ...figures(2, '1234.50') }],
};

const page = overviewPage({
  overview: OVERVIEW,
  uploads: [],
  health: {
    night: null,
    unproved_day: null,
    expiring_keys: [],
    more_expiring_keys: 1_200,
    refusals: [],
  },
  cancelled: ['cancelled', 'void'],
  today: '2025-11-13',
  nightlyAt: '00:15',
  nowMs: Date.parse('2025-11-13T12:00:00Z'),
}).toString();

describe('the overview page', () => {
  it('says each figure, what it is compared with, and what it is without cancelled orders', () => {
    expect(visibleText(page)).toContain(
      'Today so far 1,234.50 2 orders · 0.50 without cancelled +23.5 % against 1,000.00 , the whole day a week ago',
    );
    expect(visibleText(page)).toContain('the same without those that are cancelled, void.');
  });

  it('leads from keys that it does not name to all that work, which begin with them', () => {
    expect(visibleText(page)).toContain('1,200 more keys of which the end is near.');
    expect(page).toContain('<a href="/admin/keys?state=active">1,200 more keys</a>');
  });

  it.each([
    '/admin/orders?from=2025-11-13&amp;to=2025-11-13',
    '/admin/orders?from=2025-11-06&amp;to=2025-11-06',
    '/admin/orders?status=paid%20%26%20sent&amp;from=2025-10-15&amp;to=2025-10-15',
    '/admin/orders?seller=A%26B&amp;from=2025-10-15&amp;to=2025-10-15',
  ])('leads to the orders that make a figure: %s', (href) => {
    expect(page).toContain(`href="${href}"`);
  });

  it('draws the days before behind, at the place of those that they are compared with', () => {
    const rects = [...page.matchAll(/<rect x="([\d.]+)"[^>]*?width="(\d+)"[^>]*><title>([\d-]+)/g)];
    expect(rects.slice(0, 2).map((rect) => rect.slice(1))).toEqual([
      ['290', '10', '2025-10-14'],
      ['292', '6', '2025-11-13'],
    ]);
  });

  it('has a table only of the days that are drawn in front', () => {
    const [, table = ''] = page.split('newest first</caption>');
    expect(table.split('</table>')[0]).not.toContain('2025-10-14');
  });
});

describe('how much a sum has changed', () => {
  it.each([
    ['1.00', '1.00', 'no change'],
    ['1.00', '0.00', '–'],
    ['0.00', '1.00', '−100.0 %'],
    ['1.00', '3.00', '−66.7 %'],
    ['200000000000.01', '100000000000.00', '+100.0 %'],
    ['1.00', '-1.00', '+200.0 %'],
  ])('%s after %s: %s', (now, before, text) => {
    expect(change(now, before)).toBe(text);
  });
});

describe('the verdict of the last night', () => {
  const NIGHT: LastNight = {
    status: 'succeeded',
    started_at: '2025-11-13T00:15:02Z',
    day: '2025-11-12',
    drift_found: 0,
    drift_repaired: 0,
    orders_damaged: 0,
    has_left: false,
  };
  const said = (night: Partial<LastNight>, now = '2025-11-13T12:00:00Z') =>
    visibleText(verdict({ ...NIGHT, ...night }, '00:15', Date.parse(now)).toString());

  it.each<[Partial<LastNight>, string]>([
    [{}, 'succeeded no drift'],
    [{ drift_found: 2, drift_repaired: 2 }, 'succeeded 2 rows of drift, repaired'],
    [{ drift_found: 2, drift_repaired: 1 }, 'succeeded 2 rows of drift, not all repaired'],
    [{ orders_damaged: 1 }, 'succeeded no drift, 1 order damaged'],
    [{ has_left: true }, 'succeeded no drift, some of it left to another night'],
    [{ status: 'failed' }, 'failed no drift'],
  ])('of %j: %s', (night, text) => {
    expect(said(night)).toBe(`Night of 2025-11-12 : ${text}`);
  });

  it('is missing once it is half an hour late', () => {
    expect(said({}, '2025-11-14T00:44:00Z')).toContain('Night of 2025-11-12 : succeeded');
    expect(said({}, '2025-11-14T00:46:00Z')).toBe(
      'Night of 2025-11-13 : MISSING It was due at 00:15 UTC and has not begun. The last one was that of 2025-11-12 .',
    );
    expect(said({ started_at: '2025-11-14T00:15:01Z' }, '2025-11-14T00:46:00Z')).toContain(
      'succeeded',
    );
  });

  it('is still that of the day before, before it is due', () => {
    expect(said({}, '2025-11-14T00:10:00Z')).toContain('Night of 2025-11-12 : succeeded');
  });

  it('says when the first begins where there was none', () => {
    expect(verdict(null, '00:15', 0).toString()).toBe(
      'No night yet: the first begins at 00:15 UTC.',
    );
  });
});
