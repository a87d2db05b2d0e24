import { describe, expect, it } from 'vitest';
import { NO_COUNTS } from '../../../client/src/command/counts.ts';
import { isAsSent } from '../../../client/src/command/growth.ts';

const sent = (orders_count: number, orders_created: number) => ({
  before: { orders_count, total_revenue: `${orders_count}.00` },
  counts: { ...NO_COUNTS, orders_created, cents: BigInt(100 * orders_created) },
});
const figures = (orders_count: number) => sent(orders_count, 0).before;

describe('figures', () => {
  it('have grown by what was sent, or by something else', () => {
    expect(isAsSent(figures(5), sent(2, 3), [])).toBe(true);
    expect(isAsSent(figures(6), sent(2, 3), [])).toBe(false);
  });

  it('have grown by nobody knows what where a run went on with one that was stopped', () => {
    expect(isAsSent(figures(5), sent(2, 3), [sent(0, 2)], true)).toBe(true);
    expect(isAsSent(figures(5), sent(3, 3), [sent(0, 2)], true)).toBe(true); // one was unheard of
    expect(isAsSent(figures(9), sent(3, 3), [sent(0, 2)], true)).toBeUndefined();
    expect(isAsSent(figures(9), sent(3, 3), [sent(0, 2)], false)).toBe(false);
  });
});
