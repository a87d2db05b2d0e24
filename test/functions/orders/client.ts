import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { afterAll, beforeAll } from 'vitest';
import { writeLimit } from '../../../db/data-api/write-limit.ts';
import type { GivenOrder } from '../../../db/orders/order-json.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import type { UploadRequest } from '../../../db/uploads/receipt.ts';
import { preparedUpload, uploadOrders } from '../../../db/uploads/upload-orders.ts';
import { KEEP_VERSIONS_DAYS } from '../../../functions/shared/env.ts';
import { documented } from '../../helpers/contract/documented.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { apiEvent, lambdaContext } from '../../helpers/events.ts';
import { orders } from '../../helpers/orders.ts';

export type Answer = APIGatewayProxyStructuredResultV2;

/** Values of a query's parameters; a list's each come as one. */
export type Query = Readonly<Record<string, string | readonly string[]>>;

/** The handler that gives orders back while a file's tests run, on a database of its own. */
export function useOrders() {
  let test: TestDatabase;
  let handle: (event: APIGatewayProxyEventV2) => Promise<Answer>;

  beforeAll(async () => {
    test = await createTestDatabase();
    Object.assign(process.env, test.environmentOf('orders'), { [KEEP_VERSIONS_DAYS]: '400' });
    const { handler } = await import('../../../functions/orders/handler.ts');
    handle = async (event) => documented(event, (await handler(event, lambdaContext())) as Answer);
  });
  afterAll(() => test.drop());

  const get = (path: string, query: Query, fields: Partial<APIGatewayProxyEventV2> = {}) =>
    handle(
      apiEvent({
        routeKey: `GET ${path}`,
        rawPath: path,
        rawQueryString: queryString(query),
        ...fields,
      }),
    );

  return {
    get,
    database: () => test,
    handle: (event: APIGatewayProxyEventV2) => handle(event),
    upload: (user: string, orders: readonly UploadedOrder[]) => uploadOrders(test.db, user, orders),

    /** An upload of a request of which more is known. */
    request: (user: string, orders: readonly UploadedOrder[], request: UploadRequest) =>
      preparedUpload(user, orders, request)(test.db, writeLimit()),

    /** More items of an order than an upload brings in no time, `sku-1` and on. */
    async addItems(orderNumber: string, count: number, name: string): Promise<void> {
      await test.pg.query(
        `INSERT INTO order_items
         SELECT o.id, (SELECT count(*) FROM order_items WHERE order_id = o.id) + n,
           'sku-' || n, $3, 1, 0.10
         FROM orders AS o, generate_series(1, $2::integer) AS n WHERE order_number = $1`,
        [orderNumber, count, name],
      );
    },

    /**
     * An order of `owner` whose transaction has the number of an upload of `stranger`: as in a copy
     * of the data in another cluster, which counts them from its own beginning.
     */
    async collide(): Promise<void> {
      await uploadOrders(test.db, 'owner', orders(1, 'owner-'));
      await uploadOrders(test.db, 'stranger', orders(1, 'stranger-'));
      await test.pg.query(`
        DELETE FROM uploads WHERE user_id = (SELECT id FROM users WHERE username = 'owner');
        UPDATE uploads SET xid = (SELECT changed_xid FROM orders WHERE order_number = 'owner-0')
        WHERE user_id = (SELECT id FROM users WHERE username = 'stranger')`);
    },

    sql: async (text: string, ...values: unknown[]) => (await test.pg.query(text, values)).rows,
  };
}

function queryString(query: Query): string {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as [string, string]),
  );
  return new URLSearchParams(pairs).toString();
}

/** What an answer says of orders. */
export function ordersOf({ body }: Answer): GivenOrder[] {
  return (JSON.parse(body ?? '') as { orders: GivenOrder[] }).orders;
}

export const numbersOf = (answer: Answer) =>
  ordersOf(answer).map(({ order_number }) => order_number);
