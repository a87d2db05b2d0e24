import * as v from 'valibot';
import type { UploadedItem, UploadedOrder } from '../../db/upload-batches.ts';
import { isJsonString } from '../shared/json-number.ts';
import { Problem, type ProblemEntry } from '../shared/problem.ts';
import { amount, fields, instant, list, splitRule, text, wholeNumber } from './fields.ts';

/** A checked upload: everything in it can be stored as it is. */
export interface Upload {
  readonly user: string;
  readonly orders: readonly UploadedOrder[];
  readonly itemsCount: number;
}

/** How many errors an answer lists. */
export const MAX_LISTED_ERRORS = 100;

const UploadSchema = fields({ user: text(50), orders: list() });

const OrderSchema = fields({
  order_number: text(50),
  created_at: instant(),
  total_amount: amount(10),
  status: text(20),
  items: list(),
});

const ItemSchema = fields({
  sku: text(50),
  name: text(255),
  quantity: wholeNumber(),
  price: amount(8),
});

/**
 * The upload that a request's JSON describes, unknown fields left out.
 *
 * Orders and items are checked one by one rather than as one nested schema: a hostile body of
 * millions of wrong items then costs a counter, not an object each.
 *
 * @param body JSON whose numbers are for `numberText`
 * @throws {Problem} 400 with every error found: the first 100 listed, all counted
 */
export function parseUpload(body: unknown): Upload {
  const errors = new ErrorList();
  const head = check(UploadSchema, body, '', errors);
  const rawOrders = listIn(body, 'orders');
  if (rawOrders?.length === 0) {
    errors.add({ pointer: '/orders', code: 'too_short', detail: 'Must have at least one order.' });
  }
  const orders = (rawOrders ?? []).map((raw, i) => checkOrder(raw, `/orders/${i}`, errors));
  findDuplicates(rawOrders ?? [], errors);
  if (errors.count > 0 || !head) throw errors.toProblem();
  const checked = orders as UploadedOrder[]; // no error, so none is missing
  const itemsCount = checked.reduce((sum, order) => sum + order.items.length, 0);
  return { user: head.user, orders: checked, itemsCount };
}

function checkOrder(raw: unknown, pointer: string, errors: ErrorList): UploadedOrder | undefined {
  const number = orderNumberIn(raw);
  const order = check(OrderSchema, raw, pointer, errors, number);
  const items = (listIn(raw, 'items') ?? []).map((item, j) =>
    check(ItemSchema, item, `${pointer}/items/${j}`, errors, number),
  );
  return order && { ...order, items: items as UploadedItem[] };
}

/** PostgreSQL cannot update a row twice in one statement, and which of two should win nobody knows. */
function findDuplicates(rawOrders: readonly unknown[], errors: ErrorList): void {
  const firstPlaces = new Map<string, number>();
  rawOrders.forEach((raw, i) => {
    const number = orderNumberIn(raw);
    if (number === undefined) return;
    const first = firstPlaces.get(number);
    if (first === undefined) firstPlaces.set(number, i);
    else {
      errors.add({
        pointer: `/orders/${i}/order_number`,
        code: 'duplicate',
        detail: `Is the same as /orders/${first}/order_number.`,
        order_number: number,
      });
    }
  });
}

function check<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  raw: unknown,
  pointer: string,
  errors: ErrorList,
  orderNumber?: string,
): v.InferOutput<TSchema> | undefined {
  const known = orderNumber !== undefined && { order_number: orderNumber };
  if (!isObject(raw)) {
    errors.add({ pointer, code: 'invalid_type', detail: 'Must be an object.', ...known });
    return undefined;
  }
  const result = v.safeParse(schema, raw);
  if (result.success) return result.output;
  for (const issue of result.issues) {
    const field = issue.path?.map((step) => `/${String(step.key)}`).join('') ?? '';
    errors.add({ pointer: `${pointer}${field}`, ...splitRule(issue.message), ...known });
  }
  return undefined;
}

function isObject(raw: unknown): boolean {
  return typeof raw === 'object' && raw !== null && !Array.isArray(raw);
}

function listIn(raw: unknown, key: 'orders' | 'items'): readonly unknown[] | undefined {
  const value = (raw as Record<string, unknown> | null | undefined)?.[key];
  return Array.isArray(value) ? value : undefined;
}

/** The order's number as far as an answer can name it. */
function orderNumberIn(raw: unknown): string | undefined {
  const value = (raw as Record<string, unknown> | null | undefined)?.order_number;
  return isJsonString(value) && value.length <= 200 && value.isWellFormed() ? value : undefined;
}

class ErrorList {
  readonly #listed: ProblemEntry[] = [];
  count = 0;

  add(entry: ProblemEntry): void {
    this.count += 1;
    if (this.#listed.length < MAX_LISTED_ERRORS) this.#listed.push(entry);
  }

  toProblem(): Problem {
    const what = this.count === 1 ? 'One error was' : `${this.count} errors were`;
    return new Problem(400, {
      detail: `${what} found; nothing was stored.`,
      errors: this.#listed,
      errorsCount: this.count,
    });
  }
}
