import { describe, expect, it } from 'vitest';
import { apiEvent, keyOf } from '../../helpers/events.ts';
import { order } from '../../helpers/orders.ts';
import { errorsOf, useStats } from './client.ts';

const { addSeller, ask, get, handle, plantRow, stats, upload } = useStats();

const amounts = (prefix: string, ...list: string[]) =>
  list.map((total_amount, i) => order({ order_number: `${prefix}${i}`, total_amount }));

describe('a route that is not in the table', () => {
  it.each([
    '/api/orders/stats/hourly',
    '/api/orders/upload',
    'toString',
  ])('is a 404, not the totals (%s)', async (route) => {
    const answer = await get(route, 'user=nobody');
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({ detail: 'There is no such route.' });
  });
});

describe('GET /api/orders/stats', () => {
  it("answers exactly the mission's four fields, in their order, money with two decimals", async () => {
    await upload('test_seller', amounts('a', '2500.00'));
    expect(await stats('test_seller')).toMatchObject({
      statusCode: 200,
      headers: { 'content-type': 'application/json' },
      body: '{"user":"test_seller","orders_count":1,"total_revenue":2500.00,"avg_order_value":2500.00}',
    });
  });

  it.each([
    ['rounds half up', ['0.01', '0.02'], '0.03', '0.02'],
    ['rounds half away from zero below it', ['-0.01', '-0.02'], '-0.03', '-0.02'],
    ['does not round a third up', ['0.01', '0.00', '0.00'], '0.01', '0.00'],
  ])('%s', async (title, list, total, average) => {
    await upload(title, amounts(`${title} `, ...list));
    expect((await stats(title)).body).toBe(
      `{"user":"${title}","orders_count":${list.length},"total_revenue":${total},"avg_order_value":${average}}`,
    );
  });

  it.each([
    ['past 2^53 cents', '90071992547409930000.30', '2', '45035996273704965000.15'],
    ['at its largest', '-9999999999999999999999.99', '3', '-3333333333333333333333.33'],
    ['a hair below half a cent', '50000009995024999.00', '5000001', '9999999999.00'],
  ])('is exact %s', async (user, total, count, average) => {
    await plantRow(user, '2025-11-12', count, total);
    expect((await stats(user)).body).toBe(
      `{"user":"${user}","orders_count":${count},"total_revenue":${total},"avg_order_value":${average}}`,
    );
  });

  it('answers zeros to a seller without orders', async () => {
    await addSeller('idle');
    expect((await stats('idle')).body).toBe(
      '{"user":"idle","orders_count":0,"total_revenue":0.00,"avg_order_value":0.00}',
    );
  });

  it('answers 404 to an unknown user', async () => {
    const answer = await stats('nobody');
    expect(answer.statusCode).toBe(404);
    expect(answer.headers).toEqual({ 'content-type': 'application/problem+json' });
  });

  it('counts the days from `from` to before `to`, either of them alone', async () => {
    await upload('period', [
      order({
        order_number: 'p1',
        created_at: '2025-01-31T23:59:59.999999Z',
        total_amount: '1.00',
      }),
      order({
        order_number: 'p2',
        created_at: '2025-02-01T00:00:00.000000Z',
        total_amount: '20.00',
      }),
      order({
        order_number: 'p3',
        created_at: '2025-02-28T23:59:59.999999Z',
        total_amount: '300.00',
      }),
      order({
        order_number: 'p4',
        created_at: '2025-03-01T00:00:00.000000Z',
        total_amount: '4000.00',
      }),
    ]);
    const total = async (query: string) =>
      /"total_revenue":(.+?),/.exec((await ask(`user=period${query}`)).body ?? '')?.[1];
    expect(await total('&from=2025-02-01&to=2025-03-01')).toBe('320.00');
    expect(await total('&from=2025-02-01')).toBe('4320.00');
    expect(await total('&to=2025-03-01')).toBe('321.00');
    expect(await total('&from=2025-03-02&to=2025-03-03')).toBe('0.00');
  });

  it('counts the statuses asked for, commas and spaces in them included', async () => {
    const statuses = ['paid', 'sent, late', 'in way', 'Отменён'];
    await upload(
      'statuses',
      statuses.map((status, i) =>
        order({ order_number: `s${i}`, status, total_amount: `${10 ** i}.00` }),
      ),
    );
    const total = async (query: string) =>
      /"total_revenue":(.+?),/.exec((await ask(`user=statuses&${query}`)).body ?? '')?.[1];
    expect(await total('status=paid')).toBe('1.00');
    expect(await total('status=sent,%20late&status=in+way')).toBe('110.00');
    expect(await total('status=%D0%9E%D1%82%D0%BC%D0%B5%D0%BD%D1%91%D0%BD&status=paid')).toBe(
      '1001.00',
    );
    expect(await total('status=paid,in%20way')).toBe('0.00');
  });

  it('finds statuses and sellers however they are composed', async () => {
    const seller = 'Ёж'.normalize('NFC');
    await upload(seller, [order({ order_number: 'ёж', status: 'учтён' })]);
    const query = new URLSearchParams({ user: seller, status: 'учтён'.normalize('NFD') });
    expect((await ask(query.toString())).body).toContain('"orders_count":1,');
    const event = apiEvent({
      routeKey: 'GET /api/orders/stats',
      rawQueryString: new URLSearchParams({ user: seller.normalize('NFD') }).toString(),
    });
    Object.assign(event.requestContext, keyOf(seller));
    const { statusCode, body } = await handle(event);
    expect([statusCode, JSON.parse(body ?? '')]).toEqual([
      200,
      expect.objectContaining({ user: seller, orders_count: 1 }),
    ]);
  });

  it.each([
    ['', ['?user missing']],
    ['user=', ['?user too_short']],
    ['user=a&from=2025-02-30', ['?from invalid_date']],
    ['user=a&from=2025-1-1&to=yesterday', ['?from invalid_date', '?to invalid_date']],
    ['user=a&from=1969-12-31', ['?from invalid_date']],
    ['user=a&from=2025-01-01T00:00:00Z', ['?from invalid_date']],
    ['user=a&from=', ['?from too_short']],
    ['user=a&from=2025-01-02&to=2025-01-01', ['?to out_of_range']],
    ['user=a&from=2025-01-01&to=2025-01-01', ['?to out_of_range']],
    ['user=a&from=2025-01-01&from=2025-01-02', ['?from duplicate']],
    ['user=a&user=b', ['?user duplicate']],
    ['user=a&granularity=day', ['?granularity unknown']],
    ['user=%00', ['?user invalid_text']],
  ])('answers 400 to ?%s, pointing to %j', async (query, errors) => {
    expect(errorsOf(await ask(query))).toEqual(errors);
  });
});
