import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadOrders } from '../../../db/orders.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { apiEvent, lambdaContext } from '../../helpers/events.ts';
import { order } from '../../helpers/orders.ts';

let test: TestDatabase;
let stats: (user?: string) => Promise<APIGatewayProxyStructuredResultV2>;

beforeAll(async () => {
  test = await createTestDatabase();
  Object.assign(process.env, test.environment);
  const { handler } = await import('../../../functions/stats/handler.ts');
  stats = async (user) => {
    const event = apiEvent(user === undefined ? {} : { queryStringParameters: { user } });
    return (await handler(event, lambdaContext())) as APIGatewayProxyStructuredResultV2;
  };
});
afterAll(() => test.drop());

const amounts = (prefix: string, ...list: string[]) =>
  list.map((total_amount, i) => order({ order_number: `${prefix}${i}`, total_amount }));

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

  it('is exact where binary fractions are not', async () => {
    await uploadOrders(test.db, 'rich', amounts('r', '0.10', '0.20'));
    await test.pg.query(
      `UPDATE daily_order_stats SET total_revenue = total_revenue + 90071992547409930000
       WHERE user_id = (SELECT id FROM users WHERE username = 'rich')`,
    );
    expect((await stats('rich')).body).toContain('"total_revenue":90071992547409930000.30,');
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

  it.each([undefined, ''])('answers 400 to the user %j', async (user) => {
    const answer = await stats(user);
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({
      errors: [{ pointer: '?user', code: 'missing' }],
    });
  });
});
