import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { sortedByNumber, type UploadBatch, uploadBatches } from './batches.ts';
import type { UploadedOrder } from './order-columns.ts';
import { type OrdersOfOthers, ownedByAnother } from './orders-of-others.ts';
import { type PlanPlace, previewBatchStatement } from './preview-statement.ts';
import { readStoredOrders, type StoredOrder } from './stored-orders.ts';

/** What an upload would do. */
export interface UploadPreview {
  /** By order number, and in the order of these; all of the upload's. */
  readonly orders: ReadonlyMap<string, PreviewedOrder>;
  readonly days: readonly PreviewedDay[];
}

export interface PreviewedOrder {
  readonly action: PreviewedAction;
  /**
   * What is stored of an order that would change. `undefined` of any other, and of one that is too
   * large to be looked at or comes after too many.
   */
  readonly stored?: StoredOrder | undefined;
}

type PreviewedAction = (typeof ACTIONS)[keyof typeof ACTIONS];

/** By their first letters, as a batch's plan has them. */
const ACTIONS = { c: 'create', u: 'update', k: 'keep', s: 'stale' } as const;

/** By how much the figures of a day's orders of one status would change. */
export interface PreviewedDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly status: string;
  readonly orders_count: number;
  /** Decimal text with 2 places. */
  readonly total_revenue: string;
}

/** How much of what is stored is looked at: what some 20 calls of the Data API answer. */
const MAX_STORED_BYTES = 16 * 1024 * 1024;

/**
 * What an upload of these orders would do now. Nothing is written and nothing is locked.
 *
 * @param orders with distinct order numbers
 * @throws {OrderOwnedByAnotherSellerError}
 */
export async function previewUpload(
  db: Kysely<Database>,
  user: string,
  orders: readonly UploadedOrder[],
): Promise<UploadPreview> {
  const actions: PreviewedAction[] = [];
  const days: PreviewedDay[] = [];
  const batches = uploadBatches(orders);
  for (const [i, batch] of batches.entries()) {
    const plan = await planOfBatch(db, user, batch);
    if (plan.taken) throw await ownedByAnother(db, user, plan.taken, batches.slice(i + 1));
    for (const letter of plan.letters) actions.push(actionOf(letter));
    days.push(...plan.days);
  }
  // One batch has the orders after those of the one before.
  const planned = sortedByNumber(orders).map(({ order_number }, place) => {
    const action = actions[place];
    if (!action) throw new Error('The statement that previews an upload left out an order.');
    return { order_number, action };
  });
  const numbers = planned
    .filter(({ action }) => action === 'update')
    .map(({ order_number }) => order_number);
  const stored = await readStoredOrders(db, user, { numbers, maxBytes: MAX_STORED_BYTES });
  return {
    orders: new Map(
      planned.map(({ order_number, action }) => [
        order_number,
        { action, stored: stored.get(order_number) },
      ]),
    ),
    days: summed(days),
  };
}

function actionOf(letter: string): PreviewedAction {
  if (letter === 'c' || letter === 'u' || letter === 'k' || letter === 's') return ACTIONS[letter];
  throw new Error('The statement that previews an upload planned something else.');
}

/** What the letters say of a batch's orders, by their places, and its days; or what is taken. */
async function planOfBatch(db: Kysely<Database>, user: string, batch: UploadBatch) {
  let letters = '';
  const days: PreviewedDay[] = [];
  for (let after: PlanPlace | undefined = { part: -1, place: 0 }; after; ) {
    const { rows } = await previewBatchStatement(user, batch, after).execute(db);
    for (const { part, text } of rows) {
      if (part === 0) return { taken: parse<OrdersOfOthers>(text) };
      if (part === 1) letters += text;
      else days.push(...parse<PreviewedDay[]>(text));
    }
    const last = rows.at(-1);
    after = last?.has_more ? last : undefined;
  }
  return { letters, days };
}

const parse = <T>(json: string): T => JSON.parse(json);

/** Several batches' days as one, by day and status; what comes to nothing is left out. */
function summed(days: readonly PreviewedDay[]): PreviewedDay[] {
  const sums = new Map<string, { date: string; status: string; count: number; cents: bigint }>();
  for (const { date, status, orders_count, total_revenue } of days) {
    const key = JSON.stringify([date, status]);
    const sum = sums.get(key) ?? { date, status, count: 0, cents: 0n };
    sums.set(key, sum);
    sum.count += orders_count;
    sum.cents += BigInt(total_revenue.replace('.', ''));
  }
  return [...sums.values()]
    .filter(({ count, cents }) => count !== 0 || cents !== 0n)
    .sort((a, b) => compare(a.date, b.date) || compare(a.status, b.status))
    .map(({ date, status, count, cents }) => ({
      date,
      status,
      orders_count: count,
      total_revenue: decimalOf(cents),
    }));
}

const compare = (a: string, b: string) => Number(a > b) - Number(a < b);

function decimalOf(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
