import { randomBytes } from 'node:crypto';

// What is uploaded, and what has to come back: written down, since what is computed might be wrong
// in the same way as the service.

/** By which people find what a run that was killed has left. */
const MARK = 'smoke-test';

/** A name that no seller has, and no other run. */
export function smokeSeller(): string {
  return `${MARK}-${randomBytes(6).toString('hex')}`;
}

/**
 * Three orders of a long past day and the day after: figures of days that matter to anybody stay
 * as they are. The amounts have no exact binary fraction.
 */
export function sampleOrders(user: string) {
  return [
    {
      order_number: `${user}-1`,
      created_at: '2000-01-01T10:00:00Z',
      total_amount: '0.10',
      status: 'new',
      items: [{ sku: 'tea01', name: 'Чай зелёный', quantity: 1, price: '0.10' }],
    },
    {
      order_number: `${user}-2`,
      created_at: '2000-01-01T23:59:59.999999Z',
      total_amount: '0.20',
      status: 'new',
      items: [],
    },
    {
      order_number: `${user}-3`,
      created_at: '2000-01-02T00:00:00Z',
      total_amount: '1234567.89',
      status: 'paid',
      items: [{ sku: 'cup01', name: 'Cup & "saucer"', quantity: 3, price: '411522.63' }],
    },
  ] as const;
}

/** The second order as it is uploaded again. */
export function changedOrder(user: string) {
  return {
    order_number: `${user}-2`,
    created_at: '2000-01-01T23:59:59.999999Z',
    total_amount: '250.00',
    status: 'paid',
    items: [
      { sku: 'tea01', name: 'Чай зелёный', quantity: 2, price: '100.00' },
      { sku: 'cup01', name: 'Cup & "saucer"', quantity: 1, price: '50.00' },
    ],
  } as const;
}

/** The answer to `GET /api/orders/stats` once the second order is changed, to the byte. */
export const totals = (user: string) =>
  `{"user":"${user}","orders_count":3,"total_revenue":1234817.99,"avg_order_value":411606.00}`;

/** The same once the third order is deleted. */
export const totalsOfRest = (user: string) =>
  `{"user":"${user}","orders_count":2,"total_revenue":250.10,"avg_order_value":125.05}`;

/** The answer to `GET /api/orders/stats/daily` once the second order is changed. */
export const days = (user: string) =>
  `{"user":"${user}","from":"2000-01-01","to":"2000-01-03","days":[` +
  '{"date":"2000-01-01","orders_count":2,"total_revenue":250.10,"avg_order_value":125.05},' +
  '{"date":"2000-01-02","orders_count":1,"total_revenue":1234567.89,"avg_order_value":1234567.89}]}';
