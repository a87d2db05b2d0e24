import type { UploadedItem, UploadedOrder } from '../../db/uploads/order-columns.ts';
import { isObject } from '../shared/is-object.ts';
import { isPlainAscii } from '../shared/plain-text.ts';
import { canonicalInstant } from './instant.ts';

// Nearly every order is of the usual form, and to see that takes a fifth of the time that the
// schema takes, which has a text for everything that may be wrong.

/** A number of JSON comes with a mark before it, text without; see `numberText`. */
const AMOUNT = /^\0?\d+(?:\.\d\d?)?$/;
const NEEDLESS_ZERO = /^\0?0\d/;
const QUANTITY = /^\0?\d{1,9}$/;
const MARK = '\0';

/**
 * What the schema makes of an order, where it is of the usual form: names in ASCII, amounts that
 * are not negative, with up to two decimals, whole quantities. Of any other order `undefined`,
 * which says nothing about whether it is right.
 *
 * @param raw JSON whose numbers are for `numberText`
 */
export function usualOrder(raw: unknown): UploadedOrder | undefined {
  if (!isObject(raw) || !Array.isArray(raw.items)) return undefined;
  const { order_number, status } = raw;
  if (!isUsualName(order_number, 50) || !isUsualName(status, 20)) return undefined;
  const created_at = usualInstant(raw.created_at);
  if (created_at === undefined) return undefined;
  const isDated = raw.updated_at !== undefined && raw.updated_at !== null;
  const updated_at = isDated ? usualInstant(raw.updated_at) : undefined;
  if (isDated && updated_at === undefined) return undefined;
  const total_amount = usualAmount(raw.total_amount, 10);
  if (total_amount === undefined) return undefined;

  const items: UploadedItem[] = [];
  for (const rawItem of raw.items) {
    const item = usualItem(rawItem);
    if (!item) return undefined;
    items.push(item);
  }
  return { order_number, created_at, total_amount, status, updated_at, items };
}

function usualItem(raw: unknown): UploadedItem | undefined {
  if (!isObject(raw)) return undefined;
  const { sku, name, quantity } = raw;
  if (!isUsualName(sku, 50) || !isUsualText(name, 255)) return undefined;
  if (typeof quantity !== 'string' || !QUANTITY.test(quantity)) return undefined;
  const price = usualAmount(raw.price, 8);
  if (price === undefined) return undefined;
  return { sku, name, quantity: Number(unmarked(quantity)), price };
}

function isUsualName(value: unknown, maxLength: number): value is string {
  return typeof value === 'string' && value.length <= maxLength && isPlainAscii(value);
}

/** No longer than that also where pairs of surrogates count once. */
function isUsualText(value: unknown, maxLength: number): value is string {
  if (typeof value !== 'string' || value === '' || value.length > maxLength) return false;
  return !value.includes(MARK) && value.isWellFormed();
}

function usualInstant(value: unknown): string | undefined {
  return typeof value === 'string' ? canonicalInstant(value) : undefined;
}

function usualAmount(value: unknown, integerDigits: number): string | undefined {
  if (typeof value !== 'string' || !AMOUNT.test(value) || NEEDLESS_ZERO.test(value)) {
    return undefined;
  }
  const text = unmarked(value);
  const point = text.indexOf('.');
  if ((point < 0 ? text.length : point) > integerDigits) return undefined;
  if (point < 0) return `${text}.00`;
  return point === text.length - 2 ? `${text}0` : text;
}

function unmarked(value: string): string {
  return value[0] === MARK ? value.slice(1) : value;
}
