import type { NewOrder } from '../../client/src/index.ts';
import { Random } from './random.ts';
import type { Product, Shop } from './shops.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 365;
/** How busy each month is: presents in December, few in summer. */
const SEASON = [0.9, 0.9, 1.1, 0.9, 0.9, 0.8, 0.7, 0.7, 0.9, 1, 1.4, 1.9];
/** From Sunday on. */
const WEEKDAY = [1.3, 0.8, 0.9, 0.9, 1, 1.1, 1.3];
/** How long it takes until an order is what it stays. */
const SETTLED_MS = 3 * DAY_MS;
const PAID_BACK_MS = 6 * DAY_MS;

interface Line {
  readonly product: Product;
  readonly quantity: number;
}

/** A shop's 365 days, of which the last one need not be over. */
export class Year {
  readonly firstDayMs: number;
  /** Midnight after its last day, in UTC. */
  readonly endMs: number;
  /** Nothing is later. */
  readonly untilMs: number;

  constructor(untilMs: number) {
    this.untilMs = untilMs;
    this.endMs = Math.ceil(untilMs / DAY_MS) * DAY_MS;
    this.firstDayMs = this.endMs - DAYS * DAY_MS;
  }

  /** So many days before its end. */
  at(daysBefore: number, hour: number): number {
    return this.endMs - daysBefore * DAY_MS + hour * HOUR_MS;
  }

  /** In which of its four parts, of three months each and the days that are left. */
  quarterOf({ createdAtMs }: Sale): number {
    return Math.min(3, Math.floor((monthOf(createdAtMs) - monthOf(this.firstDayMs)) / 3));
  }
}

const monthOf = (ms: number) => new Date(ms).getUTCFullYear() * 12 + new Date(ms).getUTCMonth();

/** An order as it came in. */
export interface Sale {
  readonly number: string;
  readonly createdAtMs: number;
  readonly lines: readonly Line[];
}

/** The sales of a shop's year, the first one first; for the same year always the same. */
export function yearOfSales({ seed, prefix, ordersADay, products }: Shop, year: Year): Sale[] {
  const random = new Random(seed);
  const sales: Sale[] = [];
  for (let dayMs = year.firstDayMs; dayMs < year.endMs; dayMs += DAY_MS) {
    const date = new Date(dayMs);
    const usual = (SEASON[date.getUTCMonth()] ?? 1) * (WEEKDAY[date.getUTCDay()] ?? 1);
    const count = Math.round(ordersADay * usual * (0.6 + 0.8 * random.next()));
    for (let i = 0; i < count; i += 1) {
      const afterMs = (8 + (14 * (i + random.next())) / count) * HOUR_MS; // from 8 to 22 o'clock
      sales.push({
        number: `${prefix}-${date.getUTCFullYear()}-${String(sales.length + 1).padStart(5, '0')}`,
        createdAtMs: dayMs + Math.floor(afterMs / 1_000) * 1_000,
        lines: someLines(random, products),
      });
    }
  }
  return sales.filter(({ createdAtMs }) => createdAtMs < year.untilMs);
}

function someLines(random: Random, products: Shop['products']): Line[] {
  const chosen = Array.from({ length: random.between(1, 3) }, () => random.favourite(products));
  return [...new Set(chosen)].map((product) => ({
    product,
    quantity: random.isTrue(0.2) ? random.between(2, 4) : 1,
  }));
}

/** As the shop sends a sale at once. */
export const paid = (sale: Sale): NewOrder => order(sale, 'paid', sale.createdAtMs);

/** What most become; the last days' are still on their way. */
export const delivered = (sale: Sale, year: Year): NewOrder =>
  order(
    sale,
    isSettled(sale, year) ? 'delivered' : 'shipped',
    Math.min(sale.createdAtMs + SETTLED_MS, year.untilMs),
  );

/** Whether there is time enough in the year for what becomes of an order. */
const isSettled = ({ createdAtMs }: Sale, { untilMs }: Year, afterMs = SETTLED_MS) =>
  createdAtMs + afterMs < untilMs;

export const canBePaidBack = (sale: Sale, year: Year) => isSettled(sale, year, PAID_BACK_MS);

/** It is worth nothing then. */
export const cancelled = (sale: Sale, year: Year): NewOrder => ({
  ...order(sale, 'cancelled', Math.min(sale.createdAtMs + SETTLED_MS, year.untilMs)),
  total_amount: '0.00',
});

/** An order of its own, by which the figures of a later day are less. */
export function refund(sale: Sale): NewOrder {
  const createdAtMs = sale.createdAtMs + PAID_BACK_MS;
  const [first] = sale.lines;
  if (!first) throw new Error('A sale has a line.');
  const back = { product: { ...first.product, cents: -first.product.cents }, quantity: 1 };
  const number = `${sale.number}-R`;
  return order({ number, createdAtMs, lines: [back] }, 'refunded', createdAtMs);
}

/** As somebody finds half a year later that it should be: one piece more of its first line. */
export function corrected(sale: Sale, year: Year): NewOrder {
  const lines = sale.lines.map((line, i) =>
    i === 0 ? { ...line, quantity: line.quantity + 1 } : line,
  );
  return order({ ...sale, lines }, 'delivered', year.at(12, 9));
}

/** As a program sends it that takes cents for whole ones. */
export function wrong(sale: Sale, year: Year): NewOrder {
  const lines = sale.lines.map(({ product, quantity }) => ({
    product: { ...product, cents: product.cents * 100 },
    quantity,
  }));
  return order({ ...sale, lines }, 'delivered', year.at(4, 17));
}

/** Somebody's attempt, to be deleted. */
export function trial({ prefix, products: [product] }: Shop, year: Year): NewOrder {
  const createdAtMs = year.at(59, 12);
  const sale = { number: `${prefix}-TEST`, createdAtMs, lines: [{ product, quantity: 999 }] };
  return order(sale, 'paid', createdAtMs);
}

function order(
  { number, createdAtMs, lines }: Sale,
  status: string,
  updatedAtMs: number,
): NewOrder {
  const cents = lines.reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0);
  return {
    order_number: number,
    created_at: new Date(createdAtMs),
    total_amount: amount(cents),
    status,
    updated_at: new Date(updatedAtMs),
    items: lines.map(({ product: { sku, name, cents: price }, quantity }) => ({
      sku,
      name,
      quantity,
      price: amount(price),
    })),
  };
}

function amount(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
