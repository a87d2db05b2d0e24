import { describe, expect, it } from 'vitest';
import type { OrderCounts } from '../../../../db/admin/order-counts.ts';
import type { FoundOrders } from '../../../../functions/admin/orders/found-orders.ts';
import { parseListInput } from '../../../../functions/admin/orders/input.ts';
import { nothingFound } from '../../../../functions/admin/orders/nothing-found.ts';

const NONE = { ids: null, isPart: false };

/** A page of a filter that finds nothing. */
function said(query: string, more: Partial<OrderCounts> & { seller?: null } = {}): string {
  const { seller, ...counts } = more;
  const found: FoundOrders = {
    page: { orders: [], hasPrevious: false, hasNext: false },
    counts: { level: 'year', isExact: true, total: 0, parts: [], statuses: [], ...counts },
    isCountable: true,
    lookup: {
      seller,
      statuses: [],
      statusIsRare: false,
      search: { beginning: '', phrases: '{}' },
      sellersOfQ: [],
      hasMoreSellers: false,
      ordersByNumber: null,
      ordersByPart: NONE,
      ordersByWords: NONE,
      key: null,
    },
    missing: [{ phrase: 'tshrit', nearest: 't shirt' }],
    today: '2025-11-12',
  };
  return nothingFound(parseListInput(new URLSearchParams(query)), found).toString();
}

describe('orders without a status that leaves none', () => {
  const statuses = (length: number, count?: number) =>
    Array.from({ length }, (_, i) => ({ status: `s${i}`, ...(count && { count }) }));

  it.each<[string, Partial<OrderCounts>]>([
    ['60 without', { statuses: statuses(3, 20) }],
    ['At least 600 without', { statuses: statuses(30, 20) }],
    ['About 61,000 without', { statuses: statuses(3, 20_432), isExact: false }],
    ['Without', { statuses: statuses(30) }],
  ])('are told as %s', (told, counts) => {
    expect(said('status=paid', counts)).toContain(`>${told} the status</a>`);
  });
});

it('what is nearly the same is searched for without a seller who is not there', () => {
  expect(said('q=tshrit&seller=nobody', { seller: null })).toContain(
    'href="/admin/orders?q=t+shirt"',
  );
  expect(said('q=tshrit&seller=tea')).toContain('href="/admin/orders?q=t+shirt&amp;seller=tea"');
});
