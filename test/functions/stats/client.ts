import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, expect } from 'vitest';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { documented } from '../../helpers/contract/documented.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { apiEvent, lambdaContext } from '../../helpers/events.ts';

type Answer = APIGatewayProxyStructuredResultV2;

/** The handler of statistics while a file's tests run, on a database of its own. */
export function useStats() {
  let test: TestDatabase;
  let handle: (event: APIGatewayProxyEventV2) => Promise<Answer>;

  beforeAll(async () => {
    test = await createTestDatabase();
    Object.assign(process.env, test.environmentOf('stats'));
    const { handler } = await import('../../../functions/stats/handler.ts');
    handle = async (event) => documented(event, (await handler(event, lambdaContext())) as Answer);
  });
  afterAll(() => test.drop());

  const get = (route: string, rawQueryString: string) =>
    handle(apiEvent({ routeKey: `GET ${route}`, rawPath: route, rawQueryString }));
  const ask = (query: string) => get('/api/orders/stats', query);

  return {
    handle: (event: APIGatewayProxyEventV2) => handle(event),
    get,
    ask,
    stats: (user: string) => ask(new URLSearchParams({ user }).toString()),
    askDaily: (query: string) => get('/api/orders/stats/daily', query),

    upload: (user: string, orders: readonly UploadedOrder[]) => uploadOrders(test.db, user, orders),

    async addSeller(user: string): Promise<void> {
      await test.pg.query('INSERT INTO users (username) VALUES ($1)', [user]);
    },

    /** Plants a row of the roll-up, for figures that no reasonable number of uploads comes to. */
    async plantRow(user: string, day: string, ordersCount: string, totalRevenue: string) {
      await test.pg.query(
        `WITH u AS (
           INSERT INTO users (username) VALUES ($1)
           ON CONFLICT (username) DO UPDATE SET username = $1 RETURNING id
         )
         INSERT INTO daily_order_stats SELECT id, $2, 'paid', $3, $4 FROM u`,
        [user, day, ordersCount, totalRevenue],
      );
    },
  };
}

/** The codes of a 400, each with its pointer. */
export function errorsOf({ statusCode, body }: Answer): string[] {
  expect(statusCode).toBe(400);
  const { errors } = JSON.parse(body ?? '') as { errors: { pointer: string; code: string }[] };
  return errors.map(({ pointer, code }) => `${pointer} ${code}`);
}
