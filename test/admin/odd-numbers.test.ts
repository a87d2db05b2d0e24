import { afterAll, beforeAll, expect, it } from 'vitest';
import { targetOf } from '../../cli/target/local.ts';
import { createSigner } from '../../cli/target/sign.ts';
import { uploadOrders } from '../../db/uploads/upload-orders.ts';
import type { Service } from '../../local/service/service.ts';
import { linkTo, visibleText } from '../functions/admin/pages.ts';
import { order } from '../helpers/orders.ts';
import { connectAsOwner, startTestService } from '../helpers/service.ts';

// Order numbers are free text, and those from before they had a rule may look alike. The list's
// links lead to the right order through the whole way: signed request, gateway, function.

const NUMBERS = [
  'plain-1.0_x',
  'a/b//c',
  '../..',
  '.',
  'what?',
  'A#1',
  '50%',
  '50%25',
  'a+b c',
  `"quoted" & 'so'`,
  '<script>',
  '🫖 tea 🎁',
  'Ы'.repeat(50),
  'Заказ_№1',
  'e\u0301',
  '\u00e9',
  'zero\u200bwidth',
  'zerowidth',
  'tab\there',
  '\\back\\slash',
  'semi;colon,comma',
];

let service: Service;
let get: (address: string) => Promise<{ statusCode: number; body: string }>;

beforeAll(async () => {
  service = await startTestService();
  const db = connectAsOwner(service);
  await uploadOrders(
    db,
    'odd',
    NUMBERS.map((order_number) => order({ order_number })),
  );
  await db.destroy();
  const target = targetOf(service.endpoints, 'the test');
  const sign = createSigner(target);
  get = async (address) => {
    const { pathname, searchParams } = new URL(address, target.origin);
    const signed = {
      method: 'GET',
      path: pathname,
      query: searchParams,
      headers: {},
      body: Buffer.alloc(0),
    };
    const { path, headers } = await sign(signed);
    const response = await fetch(target.origin + path, { headers });
    return { statusCode: response.status, body: await response.text() };
  };
});
afterAll(() => service[Symbol.asyncDispose]());

it('links every order number to its order', async () => {
  const list = await get('/admin/orders?seller=odd');
  for (const number of NUMBERS) {
    const text = number.replace(/\s+/g, ' ');
    const page = await get(linkTo(list, text));
    expect([number, page.statusCode]).toEqual([number, 200]);
    expect(visibleText(/<h1>(.*?)<\/h1>/s.exec(page.body)?.[1] ?? '')).toBe(text);
  }
});
