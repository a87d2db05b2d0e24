import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  InvalidRequestError,
  type NewOrder,
  OrderAnalyticsClient,
} from '../../client/src/index.ts';
import { type Answer, fakeClock, fakeService, json, stored } from './fake-service.ts';

const order = (order_number: string, fields: Partial<NewOrder> = {}): NewOrder => ({
  order_number,
  created_at: '2025-11-12T10:00:00Z',
  total_amount: '2500.00',
  status: 'paid',
  items: [],
  ...fields,
});

const done: Answer = () => json(200, stored('test_seller'));

function clientOf(...answers: readonly Answer[]) {
  const { fetch, requests } = fakeService(...answers);
  const at = { url: 'https://api.example.com', user: 'test_seller', key: 'key' };
  return { client: new OrderAnalyticsClient({ ...at, fetch, clock: fakeClock() }), requests };
}

async function bodyOf(request: Request | undefined): Promise<Buffer> {
  const bytes = Buffer.from((await request?.arrayBuffer()) ?? new ArrayBuffer(0));
  return request?.headers.get('content-encoding') === 'gzip' ? gunzipSync(bytes) : bytes;
}

const numbersIn = (body: Buffer): string[] =>
  JSON.parse(String(body)).orders.map((one: { order_number: string }) => one.order_number);

async function partsOf(orders: readonly NewOrder[], partBytes: number) {
  const { client, requests } = clientOf(done);
  const places: object[] = [];
  for await (const { first, count } of client.uploadAll(orders, { partBytes })) {
    places.push({ first, count });
  }
  return { places, bodies: await Promise.all(requests.map(bodyOf)) };
}

describe('upload', () => {
  it('sends amounts as they were written, and of objects all their digits', async () => {
    const { client, requests } = clientOf(done);
    const big = { toFixed: () => '9999999999.99', toString: () => '1e10' };
    const items = [{ sku: 's', name: 'n', quantity: 1, price: '0.10' }];
    await client.upload([order('1', { total_amount: big, items })]);
    const sent = JSON.parse(String(await bodyOf(requests[0])));
    expect(sent.orders[0]).toMatchObject({ total_amount: '9999999999.99', items });
  });

  it.each([2500.5, Object(2500.5), 7n, null])('sends no amount that is %s', async (amount) => {
    const { client, requests } = clientOf(done);
    const total_amount: unknown = amount;
    const wrong = { ...order('1'), total_amount } as NewOrder;
    await expect(client.upload([wrong])).rejects.toThrow(TypeError);
    expect(requests).toEqual([]);
  });

  it('leaves out what the service does not ask for', async () => {
    const { client, requests } = clientOf(done);
    const more = { ...order('1'), customer: 'Ann', items: [] };
    await client.upload([more]);
    expect(String(await bodyOf(requests[0]))).not.toContain('Ann');
  });

  it('compresses what is worth it, as what API Gateway leaves as it is', async () => {
    const { client, requests } = clientOf(done);
    await client.upload([order('1')]);
    await client.upload(Array.from({ length: 20 }, (_, i) => order(`${i}`)));
    const headers = requests.map((one) => [
      one.headers.get('content-type'),
      one.headers.get('content-encoding'),
    ]);
    expect(headers).toEqual([
      ['application/json', null],
      ['application/octet-stream', 'gzip'],
    ]);
    expect(numbersIn(await bodyOf(requests[1]))).toHaveLength(20);
  });
});

describe('uploadAll', () => {
  const orders = ['1', '2', '3', '4'].map((number) => order(number));
  const bytes = JSON.stringify(orders[0]).length + 1;

  it.each([
    [4 * bytes, [4]],
    [4 * bytes - 1, [3, 1]],
    [2 * bytes, [2, 2]],
    [1, [1, 1, 1, 1]],
  ])('puts as many orders in a request as %i bytes hold', async (partBytes, counts) => {
    const { places, bodies } = await partsOf(orders, partBytes);
    let first = 0;
    expect(places).toEqual(
      counts.map((count) => {
        first += count;
        return { first: first - count, count };
      }),
    );
    expect(bodies.flatMap(numbersIn)).toEqual(['1', '2', '3', '4']);
  });

  it('counts bytes, not characters', async () => {
    const name = 'Чай'.repeat(80); // 480 bytes
    const items = [{ sku: 's', name, quantity: 1, price: '1.00' }];
    const wide = ['1', '2', '3'].map((number) => order(number, { items }));
    const { bodies } = await partsOf(wide, 1_400);
    expect(bodies.map((body) => numbersIn(body).length)).toEqual([2, 1]);
    expect(bodies.every(({ length }) => length < 1_500)).toBe(true);
  });

  it('never makes a request larger than the service takes, whatever it is asked', async () => {
    const items = [{ sku: 's', name: 'x'.repeat(50_000), quantity: 1, price: '1' }];
    const large = Array.from({ length: 100 }, (_, i) => order(`${i}`, { items }));
    const { bodies } = await partsOf(large, 1e9);
    expect(bodies.length).toBeGreaterThan(1);
    expect(Math.max(...bodies.map(({ length }) => length))).toBeLessThan(4 * 1024 * 1024 + 100);
    expect(bodies.flatMap(numbersIn)).toHaveLength(100);
  });

  it('sends an order that comes again, in whatever form, after the first', async () => {
    const again = [order('ё'), order('2'), order('е\u0308'), order('3')];
    const { bodies } = await partsOf(again, 1e6);
    expect(bodies.map(numbersIn)).toEqual([
      ['ё', '2'],
      ['е\u0308', '3'],
    ]);
  });

  it('sends nothing of no orders', async () => {
    expect(await partsOf([], 1e6)).toEqual({ places: [], bodies: [] });
  });

  it('says which orders were refused, and that those before are stored', async () => {
    const refused = () => json(400, { detail: 'One error was found.' });
    const { client } = clientOf(done, refused);
    const stored: number[] = [];
    const uploading = async () => {
      for await (const { count } of client.uploadAll(orders, { partBytes: 3 * bytes })) {
        stored.push(count);
      }
    };
    const error = await uploading().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidRequestError);
    expect(error).toMatchObject({ part: { first: 3, count: 1 } });
    expect(stored).toEqual([3]);
  });

  it('sends a part again before the next one', async () => {
    const { client, requests } = clientOf(done, () => json(503, {}), done);
    for await (const _part of client.uploadAll(orders, { partBytes: 2 * bytes }));
    const sent = await Promise.all(requests.map(bodyOf));
    expect(sent.map(numbersIn)).toEqual([
      ['1', '2'],
      ['3', '4'],
      ['3', '4'],
    ]);
  });

  it('reads no more orders than a part and one', async () => {
    let read = 0;
    async function* source() {
      for (const one of orders) {
        read += 1;
        yield one;
      }
    }
    const { client } = clientOf(done);
    const uploading = client.uploadAll(source(), { partBytes: bytes });
    await uploading.next();
    expect(read).toBe(2);
  });
});
