import { beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../../db/uploads/upload-orders.ts';
import { order, orders } from '../../../helpers/orders.ts';
import { linkTo, orderNumbers, useAdmin, visibleText } from '../pages.ts';

const STATUSES = ['refunded', 'Refunded', 'lost'];
const COUNT = 60;

const admin = useAdmin();
beforeAll(async () => {
  await uploadOrders(admin.db, 'other', orders(300, 'O-', { status: 'delivered' }));
  await admin.pg.query('ANALYZE'); // or PostgreSQL does not know which statuses are rare
  const pad = (i: number) => String(i).padStart(2, '0');
  await uploadOrders(
    admin.db,
    'seller',
    Array.from({ length: COUNT }, (_, i) =>
      order({
        order_number: `R-${pad(i)}`,
        created_at: `2025-11-12T10:00:${pad(i)}.000000Z`,
        total_amount: '1.00',
        status: STATUSES[i % STATUSES.length] ?? '',
      }),
    ),
  );
});

/** All that is on a list's pages, one after the other. */
async function onAllPages(query: string): Promise<string[]> {
  const numbers: string[] = [];
  for (let address: string | undefined = `/admin/orders?${query}`; address; ) {
    const page = await admin.get(address);
    numbers.push(...orderNumbers(page));
    address = page.body.includes('Next →') ? linkTo(page, 'Next →') : undefined;
  }
  return numbers;
}

describe('orders of several statuses that are rare, on one day of a seller', () => {
  it.each([
    ['one in two spellings', 'status=refunded', 40],
    ['several', 'status=refunded&status=lost', 60],
    ['several, by amount', 'status=refunded&status=lost&sort=highest', 60],
    ['several, with a search', 'status=refunded&status=lost&q=R-', 60],
    ['several, changed since', 'status=refunded&status=lost&changed=2020-01-01', 60],
    ['several, of a period', 'status=refunded&status=lost&from=2025-11-12&to=2025-11-12', 60],
  ])('are each listed once: %s', async (_name, query, count) => {
    const numbers = await onAllPages(query);
    expect(numbers).toHaveLength(count);
    expect(new Set(numbers).size).toBe(count);
  });

  it('are as many as the heading says', async () => {
    const { body } = await admin.get('/admin/orders?status=refunded&status=lost');
    expect(visibleText(body)).toContain('60 orders · 60.00');
  });
});
