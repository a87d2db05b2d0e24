import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { apiEvent, keyOf, lambdaContext } from '../../helpers/events.ts';
import { order } from '../../helpers/orders.ts';

let test: TestDatabase;
let handle: (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

beforeAll(async () => {
  test = await createTestDatabase();
  Object.assign(process.env, test.environmentOf('stats'));
  const { handler } = await import('../../../functions/stats/handler.ts');
  handle = async (event) =>
    (await handler(event, lambdaContext())) as APIGatewayProxyStructuredResultV2;
});
afterAll(() => test.drop());

const get = (route: string, rawQueryString: string) =>
  handle(apiEvent({ routeKey: `GET ${route}`, rawPath: route, rawQueryString }));

const ask = (query: string) => get('/api/orders/stats', query);
const stats = (user: string) => ask(new URLSearchParams({ user }).toString());
const askDaily = (query: string) => get('/api/orders/stats/daily', query);

/** The codes of a 400, each with its pointer. */
function errorsOf({ statusCode, body }: APIGatewayProxyStructuredResultV2) {
  expect(statusCode).toBe(400);
  const { errors } = JSON.parse(body ?? '') as { errors: { pointer: string; code: string }[] };
  return errors.map(({ pointer, code }) => `${pointer} ${code}`);
}

/** Plants a row of the roll-up, for figures that no reasonable number of uploads comes to. */
async function plantRow(user: string, day: string, ordersCount: string, totalRevenue: string) {
  await test.pg.query(
    `WITH u AS (
       INSERT INTO users (username) VALUES ($1)
       ON CONFLICT (username) DO UPDATE SET username = $1 RETURNING id
     )
     INSERT INTO daily_order_stats SELECT id, $2, 'paid', $3, $4 FROM u`,
    [user, day, ordersCount, totalRevenue],
  );
}

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
    await uploadOrders(test.db, 'test_seller', amounts('a', '2500.00'));
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
    await uploadOrders(test.db, title, amounts(`${title} `, ...list));
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
    await test.pg.query(`INSERT INTO users (username) VALUES ('idle')`);
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
    await uploadOrders(test.db, 'period', [
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
    await uploadOrders(
      test.db,
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
    await uploadOrders(test.db, seller, [order({ order_number: 'ёж', status: 'учтён' })]);
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

describe('GET /api/orders/stats/daily', () => {
  beforeAll(async () => {
    await uploadOrders(test.db, 'daily', [
      order({
        order_number: 'd1',
        created_at: '2024-12-30T00:00:00.000000Z',
        total_amount: '1.00',
      }),
      order({
        order_number: 'd2',
        created_at: '2025-01-01T23:59:59.999999Z',
        total_amount: '0.01',
      }),
      order({
        order_number: 'd3',
        created_at: '2025-01-01T00:00:00.000000Z',
        total_amount: '0.02',
        status: 'paid',
      }),
      order({
        order_number: 'd4',
        created_at: '2025-01-06T00:00:00.000000Z',
        total_amount: '-5.55',
      }),
    ]);
  });

  it('answers every day of a period, money with two decimals, days without orders as zeros', async () => {
    const { statusCode, body } = await askDaily('user=daily&from=2024-12-30&to=2025-01-02');
    expect(statusCode).toBe(200);
    expect(body).toBe(
      '{"user":"daily","from":"2024-12-30","to":"2025-01-02","days":[' +
        '{"date":"2024-12-30","orders_count":1,"total_revenue":1.00,"avg_order_value":1.00},' +
        '{"date":"2024-12-31","orders_count":0,"total_revenue":0.00,"avg_order_value":0.00},' +
        '{"date":"2025-01-01","orders_count":2,"total_revenue":0.03,"avg_order_value":0.02}]}',
    );
  });

  it('marks the weeks that the period cuts, and sums only days of the period', async () => {
    const { body } = await askDaily('user=daily&from=2024-12-31&to=2025-01-13&granularity=week');
    expect(body).toBe(
      '{"user":"daily","from":"2024-12-31","to":"2025-01-13","days":[' +
        '{"date":"2024-12-30","orders_count":2,"total_revenue":0.03,"avg_order_value":0.02,"partial":true},' +
        '{"date":"2025-01-06","orders_count":1,"total_revenue":-5.55,"avg_order_value":-5.55}]}',
    );
  });

  it('reaches over the whole months with orders when no period is given', async () => {
    const { body } = await askDaily('user=daily&granularity=month');
    expect(body).toBe(
      '{"user":"daily","from":"2024-12-01","to":"2025-02-01","days":[' +
        '{"date":"2024-12-01","orders_count":1,"total_revenue":1.00,"avg_order_value":1.00},' +
        '{"date":"2025-01-01","orders_count":3,"total_revenue":-5.52,"avg_order_value":-1.84}]}',
    );
  });

  it('counts the statuses asked for', async () => {
    const { body } = await askDaily('user=daily&status=paid&status=lost');
    expect(body).toBe(
      '{"user":"daily","from":"2025-01-01","to":"2025-01-02","days":[' +
        '{"date":"2025-01-01","orders_count":1,"total_revenue":0.02,"avg_order_value":0.02}]}',
    );
  });

  it('takes a day whose orders have moved away for one without orders', async () => {
    const moving = (created_at: string) =>
      uploadOrders(test.db, 'moved', [order({ order_number: 'm1', created_at })]);
    await moving('2025-03-01T00:00:00.000000Z');
    await moving('2025-06-01T00:00:00.000000Z');
    expect(JSON.parse((await askDaily('user=moved')).body ?? '')).toMatchObject({
      from: '2025-06-01',
      to: '2025-06-02',
    });
  });

  describe('of a seller with an order dated 9999', () => {
    beforeAll(async () => {
      await uploadOrders(test.db, 'far', [
        order({ order_number: 'f1', created_at: '2025-11-11T10:00:00.000000Z', total_amount: '1' }),
        order({ order_number: 'f2', created_at: '2025-11-12T10:00:00.000000Z', total_amount: '2' }),
        order({ order_number: 'f3', created_at: '9999-12-30T10:00:00.000000Z', total_amount: '5' }),
        order({
          order_number: 'f4',
          created_at: '9999-12-31T10:00:00.000000Z',
          total_amount: '6',
          status: 'paid',
        }),
      ]);
    });
    const LATER =
      '"later":{"from":"9999-12-30","to":"10000-01-01","orders_count":2,"total_revenue":11.00,"avg_order_value":5.50}}';

    it('ends no later than today without a bound, and names what is dated later', async () => {
      expect((await askDaily('user=far')).body).toBe(
        '{"user":"far","from":"2025-11-11","to":"2025-11-13","days":[' +
          '{"date":"2025-11-11","orders_count":1,"total_revenue":1.00,"avg_order_value":1.00},' +
          `{"date":"2025-11-12","orders_count":1,"total_revenue":2.00,"avg_order_value":2.00}],${LATER}`,
      );
      expect((await askDaily('user=far&from=2025-11-12&granularity=month')).body).toBe(
        '{"user":"far","from":"2025-11-12","to":"2025-12-01","days":[' +
          `{"date":"2025-11-01","orders_count":1,"total_revenue":2.00,"avg_order_value":2.00,"partial":true}],${LATER}`,
      );
    });

    it('counts those of the statuses asked for', async () => {
      expect((await askDaily('user=far&status=paid')).body).toBe(
        '{"user":"far","from":null,"to":null,"days":[],' +
          '"later":{"from":"9999-12-31","to":"10000-01-01","orders_count":1,"total_revenue":6.00,"avg_order_value":6.00}}',
      );
    });

    it.each([
      'user=far&from=9999-12-30',
      'user=far&from=9999-12-30&to=10000-01-01',
    ])('reaches to them when it is told so: ?%s', async (query) => {
      expect((await askDaily(query)).body).toBe(
        '{"user":"far","from":"9999-12-30","to":"10000-01-01","days":[' +
          '{"date":"9999-12-30","orders_count":1,"total_revenue":5.00,"avg_order_value":5.00},' +
          '{"date":"9999-12-31","orders_count":1,"total_revenue":6.00,"avg_order_value":6.00}]}',
      );
    });

    it.each(['week', 'month'])('answers the last %s of all', async (granularity) => {
      const query = `user=far&from=9999-12-31&granularity=${granularity}`;
      expect(JSON.parse((await askDaily(query)).body ?? '').days).toMatchObject([
        { orders_count: 1, total_revenue: 6 },
      ]);
    });

    it('has bare totals of all orders, as ever', async () => {
      expect((await stats('far')).body).toBe(
        '{"user":"far","orders_count":4,"total_revenue":14.00,"avg_order_value":3.50}',
      );
      expect((await ask('user=far&from=9999-12-31&to=10000-01-01')).body).toContain(
        '"orders_count":1,',
      );
    });
  });

  it('answers no days to a seller without orders, 404 to an unknown one', async () => {
    await test.pg.query(`INSERT INTO users (username) VALUES ('idle daily')`);
    expect((await askDaily('user=idle+daily')).body).toBe(
      '{"user":"idle daily","from":null,"to":null,"days":[]}',
    );
    expect((await askDaily('user=nobody')).statusCode).toBe(404);
  });

  it('is exact past 2^53 cents', async () => {
    await plantRow('rich days', '2025-11-12', '2', '90071992547409930000.30');
    expect((await askDaily('user=rich+days')).body).toContain(
      '"total_revenue":90071992547409930000.30,"avg_order_value":45035996273704965000.15}',
    );
  });

  it.each([
    ['user=a&granularity=year', ['?granularity invalid_choice']],
    ['user=a&from=2025-02-29&days=3', ['?from invalid_date', '?days unknown']],
    ['user=a&from=2024-01-01&to=2025-02-05', ['?from too_many_buckets']],
    ['from=2025-01-02&to=2025-01-01', ['?user missing', '?to out_of_range']],
    ['user=a&from=9999-12-31&to=9999-12-31', ['?to out_of_range']],
    ['user=a&from=10000-01-01', ['?from invalid_date']],
    ['user=a&to=10000-01-02', ['?to invalid_date']],
  ])('answers 400 to ?%s, pointing to %j', async (query, errors) => {
    expect(errorsOf(await askDaily(query))).toEqual(errors);
  });

  it('answers at most 400 buckets, also when the orders decide the period', async () => {
    await plantRow('old', '2024-01-01', '1', '1.00');
    await plantRow('old', '2025-02-03', '1', '1.00');
    expect(JSON.parse((await askDaily('user=old')).body ?? '').days).toHaveLength(400);
    await plantRow('old', '2025-02-04', '1', '1.00');
    expect(errorsOf(await askDaily('user=old'))).toEqual(['?from too_many_buckets']);
  });
});
