import * as v from 'valibot';
import type { UploadedOrder } from '../../db/uploads/order-columns.ts';
import { ErrorList } from '../shared/error-list.ts';
import { isObject } from '../shared/is-object.ts';
import { composed } from '../shared/plain-text.ts';
import { Problem } from '../shared/problem.ts';
import {
  amount,
  fields,
  instant,
  knownName,
  list,
  name,
  splitRule,
  text,
  wholeNumber,
} from './fields.ts';
import { orderNumberIn } from './order-number.ts';
import { usualOrder } from './usual-order.ts';

/** A checked upload: everything in it but the user can be stored as it is. */
export interface Upload {
  /** As it was sent: the key's seller may be the same in another form. */
  readonly user: string;
  readonly orders: readonly UploadedOrder[];
  readonly itemsCount: number;
}

const UserSchema = knownName(50);

const ItemSchema = fields({
  sku: name(50),
  name: text(255),
  quantity: wholeNumber(),
  price: amount(8),
});

const OrderSchema = fields({
  order_number: name(50),
  created_at: instant(),
  total_amount: amount(10),
  status: name(20),
  updated_at: v.pipe(
    v.nullish(instant()),
    v.transform((value) => value ?? undefined),
  ),
  items: list(ItemSchema),
});

export const UploadSchema = fields({
  user: UserSchema,
  orders: list(OrderSchema, { minItems: 1 }),
});

/** The names of all fields that an upload has. */
export const FIELD_NAMES: ReadonlySet<string> = new Set(
  [UploadSchema, OrderSchema, ItemSchema].flatMap(({ entries }) => Object.keys(entries)),
);

/**
 * Whose orders a request's JSON says that they are, where that may be anybody:
 * to be compared with the key before the orders are looked at.
 */
export function namedUser(body: unknown): string | undefined {
  const user = isObject(body) ? body.user : undefined;
  return v.is(UserSchema, user) ? user : undefined;
}

/**
 * The upload that a request's JSON describes, unknown fields left out.
 *
 * Orders and items are checked one by one rather than as one nested schema: what a hostile body of
 * millions of wrong items costs ends with the last error that is counted.
 *
 * @param body JSON whose numbers are for `numberText`
 * @throws {Problem} 400 with the errors found, some of every kind listed
 */
export function parseUpload(body: unknown): Upload {
  const errors = new ErrorList();
  const head = check(UploadSchema, body, '', errors);
  const rawOrders = listIn(body, 'orders');
  if (rawOrders?.length === 0) {
    errors.add({ pointer: '/orders', code: 'too_short', detail: 'Must have at least one order.' });
  }
  const duplicates = new Duplicates();
  const orders = checkEach(rawOrders, errors, (raw, place) => {
    duplicates.check(raw, place, errors);
    return usualOrder(raw) ?? checkOrder(raw, `/orders/${place}`, errors);
  });
  if (errors.count > 0 || !head) throw refusal(errors);
  const itemsCount = orders.reduce((sum, order) => sum + order.items.length, 0);
  return { user: head.user, orders, itemsCount };
}

/** Finds all that is wrong with an order, and what its fields come to where nothing is. */
export function checkOrder(
  raw: unknown,
  pointer: string,
  errors: ErrorList,
): UploadedOrder | undefined {
  const number = orderNumberIn(raw);
  const order = check(OrderSchema, raw, pointer, errors, number);
  const items = checkEach(listIn(raw, 'items'), errors, (item, j) =>
    check(ItemSchema, item, `${pointer}/items/${j}`, errors, number),
  );
  return order && { ...order, items };
}

/** What each member that fits comes to, up to where there are errors enough. */
function checkEach<T extends object>(
  members: readonly unknown[] = [],
  errors: ErrorList,
  checkMember: (member: unknown, place: number) => T | undefined,
): T[] {
  const checked: T[] = [];
  for (let place = 0; place < members.length && !errors.isFull; place += 1) {
    const member = checkMember(members[place], place);
    if (member) checked.push(member);
  }
  return checked;
}

/**
 * Finds orders that come twice: in one statement PostgreSQL cannot update a row twice,
 * and nobody knows which should win.
 */
class Duplicates {
  readonly #firstPlaces = new Map<string, number>();

  check(raw: unknown, place: number, errors: ErrorList): void {
    const number = orderNumberIn(raw);
    if (number === undefined) return;
    const stored = composed(number);
    const first = this.#firstPlaces.get(stored);
    if (first === undefined) this.#firstPlaces.set(stored, place);
    else {
      errors.add({
        pointer: `/orders/${place}/order_number`,
        code: 'duplicate',
        detail: `Is the same as /orders/${first}/order_number.`,
        order_number: number, // which is the value, too
      });
    }
  }
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
    const detail = 'Must be an object.';
    errors.add({ pointer, code: 'invalid_type', detail, ...known, value: raw });
    return undefined;
  }
  const result = v.safeParse(schema, raw);
  if (result.success) return result.output;
  for (const { path, message, input } of result.issues) {
    const field = String(path?.[0].key);
    const { code, detail } = splitRule(message);
    const advice = isAbsent(input) ? ADVICE.get(field) : undefined;
    errors.add({
      pointer: `${pointer}/${field}`,
      code,
      detail: advice ? `${detail} ${advice}` : detail,
      ...known,
      value: input,
    });
  }
  return undefined;
}

const isAbsent = (input: unknown) => input === undefined || input === null || input === '';

/** What to send where the system that the orders come from has nothing. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  [
    'sku',
    'Where a product has no SKU, send its id in your shop; for what is no product a word, such as "shipping".',
  ],
  ['total_amount', 'Where an order has no total, send the sum of its items, or 0 without items.'],
]);

function listIn(raw: unknown, key: 'orders' | 'items'): readonly unknown[] | undefined {
  const value = isObject(raw) ? raw[key] : undefined;
  return Array.isArray(value) ? value : undefined;
}

function refusal(errors: ErrorList): Problem {
  const { count, isFull } = errors;
  const found = count === 1 ? 'One error was' : `${count} errors were`;
  return new Problem(400, {
    detail: `${isFull ? `At least ${found}` : found} found; nothing was stored.`,
    errors: errors.listed(),
    errorsCount: count,
  });
}
