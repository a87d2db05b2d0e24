import { describe, expect, it } from 'vitest';
import { InvalidRequestError, OrderAnalyticsClient } from '../../client/src/index.ts';
import { type Answer, fakeClock, fakeService, json } from './fake-service.ts';

/** A service whose answers have room for so many orders. */
function serviceWithRoomFor(count: number): Answer {
  return ({ url }) => {
    const numbers = new URL(url).searchParams.getAll('order_number');
    const errors = [{ code: 'answer_too_large', detail: 'Ask for fewer at once.' }];
    if (numbers.length > count) return json(400, { detail: 'No.', errors, errors_count: 1 });
    const orders = numbers.filter((one) => !one.startsWith('no-'));
    return json(200, {
      user: 'test_seller',
      orders: orders.map((order_number) => ({ order_number })),
      not_found: numbers.filter((one) => one.startsWith('no-')),
    });
  };
}

function clientOf(answer: Answer) {
  const { fetch, requests } = fakeService(answer);
  const at = { url: 'https://api.example.com', user: 'test_seller', key: 'key' };
  return { client: new OrderAnalyticsClient({ ...at, fetch, clock: fakeClock() }), requests };
}

describe('orders by their numbers', () => {
  it('come in as many answers as they need, in the order asked for', async () => {
    const { client } = clientOf(serviceWithRoomFor(3));
    const numbers = Array.from({ length: 11 }, (_, i) => (i % 4 === 3 ? `no-${i}` : `${i}`));
    const { orders, not_found } = await client.ordersByNumber(numbers);
    expect(orders.map((one) => one.order_number)).toEqual([
      '0',
      '1',
      '2',
      '4',
      '5',
      '6',
      '8',
      '9',
      '10',
    ]);
    expect(not_found).toEqual(['no-3', 'no-7']);
  });

  it('are refused where one of them is more than an answer', async () => {
    const { client, requests } = clientOf(serviceWithRoomFor(0));
    await expect(client.ordersByNumber(['1', '2'])).rejects.toBeInstanceOf(InvalidRequestError);
    expect(requests).toHaveLength(2);
  });
});

/** A service that makes digests of so many days at a time. */
function serviceOfDays(most: number): Answer {
  return ({ url }) => {
    const { from = '', to = '' } = Object.fromEntries(new URL(url).searchParams);
    const errors = [{ pointer: '?from', code: 'answer_too_large', detail: 'Ask for fewer.' }];
    const count = (day(to) - day(from)) / 864e5;
    if (!(count <= most)) return json(400, { detail: 'No.', errors, errors_count: 1 });
    const days = Array.from({ length: count }, (_, i) => ({ date: `${from} and ${i}` }));
    return json(200, { user: 'test_seller', from, to, days });
  };
}

const day = (text: string) => Date.parse(text === '10000-01-01' ? '+010000-01-01' : text);

describe('digests', () => {
  it('come in as many answers as they need, as of one period', async () => {
    const { client } = clientOf(serviceOfDays(2));
    expect(await client.digest({ from: '9999-12-27', to: '10000-01-01' })).toEqual({
      user: 'test_seller',
      from: '9999-12-27',
      to: '10000-01-01',
      days: [
        { date: '9999-12-27 and 0' },
        { date: '9999-12-27 and 1' },
        { date: '9999-12-29 and 0' },
        { date: '9999-12-30 and 0' },
        { date: '9999-12-30 and 1' },
      ],
    });
  });

  it('are refused where a day is more than an answer, or there is none', async () => {
    const { client, requests } = clientOf(serviceOfDays(0));
    for (const to of ['2025-11-13', 'tomorrow']) {
      const refused = expect(client.digest({ from: '2025-11-12', to })).rejects;
      await refused.toBeInstanceOf(InvalidRequestError);
    }
    expect(requests).toHaveLength(2);
  });
});
