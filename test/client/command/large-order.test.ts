import { describe, expect, it } from 'vitest';
import { sendChunk } from '../../../client/src/command/send-chunk.ts';
import { TooLargeError } from '../../../client/src/index.ts';
import { Transport } from '../../../client/src/transport.ts';
import { fakeService, json } from '../fake-service.ts';

const { fetch } = fakeService(() => json(413, { message: 'Request Entity Too Large' }));
const OPTIONS = {
  transport: new Transport({ url: 'https://api.example.com', key: 'key', fetch }),
  user: 'test_seller',
  run: 'run',
  isTrial: false,
  signal: new AbortController().signal,
};

const chunkOf = (...numbers: string[]) => ({
  place: 0,
  orders: numbers.map((order_number, i) => {
    const order = { order_number, json: '{}', totalCents: 1n };
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
