import { isJsonString } from '../shared/json-number.ts';

/** An order's number as far as an answer can name it. */
export function orderNumberIn(order: unknown): string | undefined {
  const value = (order as Record<string, unknown> | null | undefined)?.order_number;
  return isJsonString(value) && value.length <= 200 && value.isWellFormed() ? value : undefined;
}
