import { isObject } from '../shared/is-object.ts';
import { isJsonString } from '../shared/json-number.ts';

/** An order's number as far as an answer can name it. */
export function orderNumberIn(order: unknown): string | undefined {
  const value = isObject(order) ? order.order_number : undefined;
  return isJsonString(value) && value.length <= 200 && value.isWellFormed() ? value : undefined;
}
