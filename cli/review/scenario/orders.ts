/** A day of the scenario's orders; all are of the two days from here on. */
export const DAY = '2025-11-12';
export const NEXT_DAY = '2025-11-13';

const ITEM = { sku: 'tea01', name: 'Green tea', quantity: 2, price: '5.00' };

/** As long as a name may be, and each character takes four bytes of a call. */
const LONG_NAME = '"'.repeat(255);
/** More of those than one call of the Data API holds, and than one of its answers. */
const MANY = 4_100;

export function order(order_number: string, changes: object = {}) {
  const created_at = `${DAY}T10:00:00Z`;
  return {
    order_number,
    created_at,
    total_amount: '10.00',
    status: 'new',
    items: [ITEM],
    ...changes,
  };
}

/** An order that is stored and read in several calls. */
export function largeOrder(order_number: string, changes: object = {}) {
  return order(order_number, { items: Array(MANY).fill({ ...ITEM, name: LONG_NAME }), ...changes });
}
