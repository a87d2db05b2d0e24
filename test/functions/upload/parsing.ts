import { expect } from 'vitest';
import { parseBody } from '../../../fixtures/upload-body.ts';
import { Problem } from '../../../functions/shared/problem.ts';
import { parseUpload, type Upload } from '../../../functions/upload/input.ts';

/** As a seller's system sends it, and good as it is. */
export const ITEM = { sku: 'tea01', name: 'Чай зелёный', quantity: 2, price: 500 };
export const ORDER = {
  order_number: '12345',
  created_at: '2025-11-12T10:00:00Z',
  total_amount: 2500,
  status: 'delivered',
  items: [ITEM],
};

/** What `parseUpload` makes of a body's value, of its text, of orders. */
export const check = async (body: unknown) => parseUpload(body);
export const parse = async (json: string) => check(await parseBody(json));
export const parseOrders = (...orders: unknown[]) =>
  parse(JSON.stringify({ user: 'seller', orders }));

/** The `pointer code` of every error that the upload is refused for. */
export async function errorsOf(parsing: Promise<Upload>): Promise<string[]> {
  const { errors = [] } = (await problemOf(parsing)).options;
  return errors.map(({ pointer, code }) => `${pointer} ${code}`);
}

export async function problemOf(parsing: Promise<Upload>): Promise<Problem> {
  const refusal: unknown = await parsing.then(
    () => expect.fail('The upload was accepted.'),
    (error) => error,
  );
  if (refusal instanceof Problem) return refusal;
  throw refusal;
}
