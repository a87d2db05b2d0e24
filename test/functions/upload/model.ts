import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';

/** What an upload is answered, as far as the model foretells it. */
export type Answer =
  | { status: 200; created: number; updated: number; unchanged: number }
  | { status: 400 | 409 };

export interface ModelUpload {
  readonly user: string;
  readonly orders: readonly UploadedOrder[];
}

type OwnedOrders = ReadonlyMap<string, { user: string; order: UploadedOrder }>;

/** The service as a map in memory: what it has to do, said in the simplest way. */
export class Model {
  readonly #orders: OwnedOrders;

  constructor(orders: OwnedOrders = new Map()) {
    this.#orders = orders;
  }

  /** The answer to an upload and the service after it. */
  upload({ user, orders }: ModelUpload): { answer: Answer; after: Model } {
    const numbers = new Set(orders.map((order) => order.order_number));
    if (orders.length === 0 || numbers.size < orders.length || orders.some(isBroken)) {
      return { answer: { status: 400 }, after: this };
    }
    const owner = (order: UploadedOrder) => this.#orders.get(order.order_number)?.user ?? user;
    if (orders.some((order) => owner(order) !== user)) {
      return { answer: { status: 409 }, after: this };
    }
    const next = new Map(this.#orders);
    const answer = { status: 200 as const, created: 0, updated: 0, unchanged: 0 };
    for (const order of orders) {
      const known = next.get(order.order_number)?.order;
      if (!known) answer.created += 1;
      else if (JSON.stringify(known) === JSON.stringify(order)) answer.unchanged += 1;
      else answer.updated += 1;
      next.set(order.order_number, { user, order });
    }
    return { answer, after: new Model(next) };
  }

  /** A seller's orders by order number. */
  ordersOf(user: string): UploadedOrder[] {
    return [...this.#orders.values()]
      .filter((entry) => entry.user === user)
      .map((entry) => entry.order)
      .sort((a, b) => (a.order_number < b.order_number ? -1 : 1));
  }

  /**
   * A seller's number of orders and their sum in cents; `undefined` for one who never stored any.
   */
  statsOf(user: string): { orders_count: number; cents: bigint } | undefined {
    const orders = this.ordersOf(user);
    if (orders.length === 0) return undefined;
    const cents = orders.reduce((sum, o) => sum + BigInt(o.total_amount.replace('.', '')), 0n);
    return { orders_count: orders.length, cents };
  }
}

/** Whether the order is one of those that the tests break on purpose. */
function isBroken({ status, items }: UploadedOrder): boolean {
  return status === '' || items.some((item) => item.quantity < 0);
}
