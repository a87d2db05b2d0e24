import { describe, expect, it } from 'vitest';
import { sendChunk } from '../../../client/src/command/send-chunk.ts';
import { InvalidRequestError, TooLargeError } from '../../../client/src/index.ts';
import { Transport } from '../../../client/src/transport.ts';
import { fakeService, json, stored } from '../fake-service.ts';

const tooLarge = fakeService(() => json(413, { message: 'Request Entity Too Large' }));
const OPTIONS = {
  transport: transportOf(tooLarge.fetch),
  user: 'test_seller',
  run: 'run',
  isTrial: false,
  signal: new AbortController().signal,
};

function transportOf(fetch: typeof globalThis.fetch): Transport {
  return new Transport({ url: 'https://api.example.com', key: 'key', fetch });
}

const chunkOf = (...numbers: string[]) => ({
  place: 0,
  orders: numbers.map((order_number, i) => {
    const order = { order_number, json: JSON.stringify({ order_number }), totalCents: 1n };
    return { line: i + 1, column: 1, raw: '{}', order, errors: [] };
  }),
  numbers: new Set(numbers),
});

describe('an order that no request has room for', () => {
  it('is refused, so that the rest of its file is sent', async () => {
    const { refused, totalCents } = await sendChunk(chunkOf('1'), OPTIONS);
    expect(refused).toMatchObject([{ line: 1, errors: [{ code: 'too_large' }] }]);
    expect(totalCents).toBe(0n);
  });

  it('is not known among others', async () => {
    await expect(sendChunk(chunkOf('1', '2'), OPTIONS)).rejects.toBeInstanceOf(TooLargeError);
  });
});

describe('an order that makes a body be refused as a whole', () => {
  const detail = 'The body has an object of more than 10000 fields.';
  const entry = { pointer: '', code: 'too_many_values', detail };
  const send = async (bad: string, errors: readonly object[] = [entry]) => {
    const { fetch, requests } = fakeService(async (request) => {
      const { orders } = (await request.json()) as { orders: { order_number: string }[] };
      const isBad = orders.some(({ order_number }) => bad.includes(order_number));
      if (isBad) return json(400, { detail, errors });
      return json(200, { ...stored('test_seller'), orders_created: orders.length });
    });
    const chunk = chunkOf('1', '2', '3', '4', '5');
    const result = await sendChunk(chunk, { ...OPTIONS, transport: transportOf(fetch) });
    return { ...result, requests: requests.length };
  };

  it.each(['1', '3', '24'])('is found among others, which are stored: %s', async (bad) => {
    const result = await send(bad);
    expect(result.refused.map(({ line }) => `${line}`).join('')).toBe(bad);
    expect(result.refused[0]?.errors).toEqual([{ code: 'too_many_values', detail }]);
    expect(result.stored.orders_created).toBe(5 - bad.length);
    expect(result.totalCents).toBe(BigInt(5 - bad.length));
  });

  it('is none where that is no matter of orders', async () => {
    const error = { pointer: '/user', code: 'invalid_name', detail: 'Is none.' };
    await expect(send('1', [error])).rejects.toBeInstanceOf(InvalidRequestError);
  });
});
