/** An order as a seller's system sends it. */
export interface SentOrder {
  order_number: string;
  created_at: string;
  total_amount: number;
  status: string;
  items: { sku: string; name: string; quantity: number; price: number }[];
}

const NAMES = ['Чай зелёный листовой', 'Чашка фарфоровая', 'Ложка серебряная'];
const STATUSES = ['new', 'paid', 'delivered'];
const DAY_MS = 86_400_000;
const FIRST_DAY_MS = Date.UTC(2025, 0, 1);
const DAYS = 30;

let sequence = 0;

/**
 * New orders of three items each, over a month and three statuses; no number comes twice in a run.
 */
export function newOrders(count: number): SentOrder[] {
  return Array.from({ length: count }, () => {
    const n = sequence++;
    const createdAtMs = FIRST_DAY_MS + (n % DAYS) * DAY_MS + ((n * 1_000) % DAY_MS);
    return {
      order_number: `${(n * 7_919) % 1_000_003}-${n}`,
      created_at: new Date(createdAtMs).toISOString(),
      total_amount: ((n * 37) % 100_000) / 100,
      status: STATUSES[n % 3] ?? '',
      items: NAMES.map((name, i) => ({
        sku: `sku-${n % 500}-${i}`,
        name: `${name} ${n % 100}`,
        quantity: i + 1,
        price: (n % 1_000) + i / 4,
      })),
    };
  });
}

/** The same orders, each with another status and another quantity of its first item. */
export function changedOrders(orders: readonly SentOrder[]): SentOrder[] {
  return orders.map((order) => ({
    ...order,
    status: `${order.status} again`,
    items: order.items.map((item, i) =>
      i === 0 ? { ...item, quantity: item.quantity + 1 } : item,
    ),
  }));
}
