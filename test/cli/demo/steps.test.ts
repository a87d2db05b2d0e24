import { describe, expect, it } from 'vitest';
import { SHOPS } from '../../../cli/demo/shops.ts';
import { stepsOf } from '../../../cli/demo/steps.ts';

describe('stepsOf', () => {
  const all = SHOPS.map(stepsOf);
  const sent = all.flatMap(({ steps }) =>
    steps.flatMap((step) => ('upload' in step ? step.upload : [])),
  );

  it('are always the same, and of no order that another shop has', () => {
    expect(SHOPS.map(stepsOf)).toEqual(all);
    const numbers = SHOPS.map((shop) =>
      stepsOf(shop).steps.flatMap((step) =>
        'upload' in step ? step.upload.map(({ order_number }) => order_number.split('-')[0]) : [],
      ),
    );
    expect(numbers.map((ones) => [...new Set(ones)])).toEqual(SHOPS.map(({ prefix }) => [prefix]));
  });

  it('have a whole year, of every kind of order', () => {
    const days = sent
      .map(({ created_at }) => new Date(created_at).toISOString().slice(0, 10))
      .sort();
    expect([days[0], days.at(-1)]).toEqual(['2025-01-01', '2025-12-31']);
    expect(new Set(days).size).toBeGreaterThan(360);
    const statuses = new Set(sent.map(({ status }) => status));
    expect([...statuses].sort()).toEqual(['cancelled', 'delivered', 'paid', 'refunded', 'shipped']);
  });

  it('say which orders are worth a look', () => {
    const sentNumbers = new Set(sent.map(({ order_number }) => order_number));
    const notable = all.flatMap((one) => Object.values(one.notable));
    expect(notable.filter((number) => !sentNumbers.has(number))).toEqual([]);
  });
});
