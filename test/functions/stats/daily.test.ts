import { beforeAll, describe, expect, it } from 'vitest';
import { order } from '../../helpers/orders.ts';
import { errorsOf, useStats } from './client.ts';

const { addSeller, ask, askDaily, plantRow, stats, upload } = useStats();

describe('GET /api/orders/stats/daily', () => {
  beforeAll(async () => {
    await upload('daily', [
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
      upload('moved', [order({ order_number: 'm1', created_at })]);
    await moving('2025-03-01T00:00:00.000000Z');
    await moving('2025-06-01T00:00:00.000000Z');
    expect(JSON.parse((await askDaily('user=moved')).body ?? '')).toMatchObject({
      from: '2025-06-01',
      to: '2025-06-02',
    });
  });

  it('names nothing dated later once that was put right', async () => {
    const dated = (created_at: string) =>
      upload('corrected', [order({ order_number: 'c1', created_at })]);
    await dated('9999-12-31T10:00:00.000000Z');
    expect((await askDaily('user=corrected')).body).toContain('"later":');
    await dated('2025-11-11T10:00:00.000000Z');
    expect((await askDaily('user=corrected')).body).not.toContain('"later"');
  });

  describe('of a seller with an order dated 9999', () => {
    beforeAll(async () => {
      await upload('far', [
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
    await addSeller('idle daily');
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
