import { describe, expect, it } from 'vitest';
import { SHOPS } from '../../../cli/demo/shops.ts';
import { stepsOf } from '../../../cli/demo/steps.ts';
import { Year } from '../../../cli/demo/year.ts';
import { addDays, dayOf } from '../../../db/days.ts';

// A whole year, one that ends within a day, one after its first hour, and one with a leap day.
describe.each([
  '2026-01-01T00:00:00Z',
  '2026-11-28T15:30:00Z',
  '2026-01-03T00:20:00Z',
  '2028-03-01T12:00:00Z',
])('stepsOf a year until %s', (until) => {
  const untilMs = Date.parse(until);
  const year = new Year(untilMs);
  const stepsOfAll = () => SHOPS.map((shop) => stepsOf(shop, year));
  const all = stepsOfAll();
  const uploads = all.map(({ steps }) =>
    steps.flatMap((step) => ('upload' in step ? [step.upload] : [])),
  );
  const sent = uploads.flat(2);

  it('are always the same, and of no order that another shop has', () => {
    expect(stepsOfAll()).toEqual(all);
    const prefixes = uploads.map((ofOne) =>
      ofOne.flat().map(({ order_number }) => order_number.split('-')[0]),
    );
    expect(prefixes.map((ones) => [...new Set(ones)])).toEqual(SHOPS.map(({ prefix }) => [prefix]));
  });

  it('have a whole year, of every kind of order, and nothing later', () => {
    const days = sent.map(({ created_at }) => dayOf(new Date(created_at).getTime())).sort();
    const [first = '', last = ''] = [days[0], days.at(-1)];
    expect(first).toBe(dayOf(year.firstDayMs));
    expect(last >= addDays(dayOf(untilMs), -1)).toBe(true);
    expect(new Set(days).size).toBeGreaterThan(360);
    const times = sent.flatMap((order) => [order.created_at, order.updated_at ?? 0]);
    expect(times.filter((time) => new Date(time).getTime() > untilMs)).toEqual([]);
    const statuses = new Set(sent.map(({ status }) => status));
    expect([...statuses].sort()).toEqual(['cancelled', 'delivered', 'paid', 'refunded', 'shipped']);
  });

  it('send no order in a state older than the one before', () => {
    for (const ofOne of uploads) {
      const latest = new Map<string, number>();
      for (const { order_number, updated_at } of ofOne.flat()) {
        const updatedAtMs = new Date(updated_at ?? 0).getTime();
        expect(updatedAtMs).toBeGreaterThanOrEqual(latest.get(order_number) ?? 0);
        latest.set(order_number, updatedAtMs);
      }
    }
  });

  it('say which orders are worth a look', () => {
    const sentNumbers = new Set(sent.map(({ order_number }) => order_number));
    const notable = all.flatMap((one) => Object.values(one.notable));
    expect(notable).toHaveLength(15);
    expect(notable.filter((number) => !sentNumbers.has(number))).toEqual([]);
  });
});
