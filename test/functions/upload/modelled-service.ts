import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import { afterAll, beforeAll, expect } from 'vitest';
import { dayNumber } from '../../../db/days.ts';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import { EVENT_BUS_NAME } from '../../../functions/nightly/env.ts';
import { KEEP_VERSIONS_DAYS } from '../../../functions/shared/env.ts';
import type { DataApiServer } from '../../../local/data-api/server.ts';
import { type EventBusServer, startEventBus } from '../../../local/event-bus/server.ts';
import { startOwnDataApi } from '../../helpers/data-api.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { emptyTables, SELLERS } from '../../helpers/empty-tables.ts';
import { apiEvent, lambdaContext, uploadEvent } from '../../helpers/events.ts';
import { rollUpDifferences, storedOrders } from '../../helpers/orders.ts';
import { type AmendClient, amendClient, numbersQuery } from '../amend/client.ts';
import { type Send, type Answer as Sent, uploadClient } from './client.ts';
import type { Answer, Figures, Model, ModelRequest } from './model.ts';
import { type Period, USERS } from './model-requests.ts';

/** What a request was answered, and which receipt it has. */
export interface Answered {
  readonly answer: Answer;
  readonly uploadId: unknown;
}

/** The functions that change orders, to be compared with the model, and what they have stored. */
export interface ModelledService {
  readonly dataApi: DataApiServer;
  /** @param uploadIds of the model's receipts */
  send(request: ModelRequest, uploadIds: readonly unknown[]): Promise<Answered>;
  /** A nightly run by hand: proves a period's days, and finds nothing wrong. */
  prove(period: Period): Promise<void>;
  empty(): Promise<unknown>;
  stored(): Promise<UploadedOrder[][]>;
  /** The receipts that there are, in the order in which they were written. */
  uploadIds(): Promise<unknown[]>;
  /** Whether the figures are those of the model and the orders. */
  expectFigures(model: Model): Promise<void>;
}

export function useModelledService(): ModelledService {
  let test: TestDatabase;
  let bus: EventBusServer;
  let nightly: (period: Period) => Promise<unknown>;
  let dataApi: DataApiServer;
  let upload: Send;
  let amend: AmendClient;
  let stats: (user: string) => Promise<{ statusCode: number; body: string }>;

  beforeAll(async () => {
    test = await createTestDatabase();
    const own = await startOwnDataApi();
    dataApi = own.dataApi;
    upload = await uploadClient({ ...test.environmentOf('upload'), ...own.environment });
    amend = await amendClient({ ...test.environmentOf('amend'), ...own.environment });
    bus = await startEventBus({ buses: ['nightly'] });
    nightly = await nightlyClient({
      ...test.environmentOf('daily_stats'),
      ...own.environment,
      AWS_ENDPOINT_URL_EVENTBRIDGE: bus.endpoint,
      [EVENT_BUS_NAME]: 'nightly',
    });
    Object.assign(process.env, test.environmentOf('stats'));
    const { handler: getStats } = await import('../../../functions/stats/handler.ts');
    stats = async (user) =>
      structured(
        await getStats(
          apiEvent({ routeKey: 'GET /api/orders/stats', queryStringParameters: { user } }),
          lambdaContext(),
        ),
      );
  });
  afterAll(async () => {
    await dataApi[Symbol.asyncDispose]();
    await bus[Symbol.asyncDispose]();
    await test.drop();
  });

  let uploads = 0;

  function sent(request: ModelRequest, uploadIds: readonly unknown[]) {
    const { user, key } = request;
    const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
    if ('orders' in request) {
      const { orders } = request;
      const type = { 'content-type': 'application/json' };
      const event = uploadEvent({ user, orders }, { headers: { ...type, ...headers } });
      uploads += 1;
      Object.assign(event.requestContext, { requestId: `upload-${uploads}` });
      return upload(event);
    }
    const options = { seller: user, headers };
    if ('numbers' in request) return amend.remove(numbersQuery(user, ...request.numbers), options);
    const id = uploadIds[request.undoes] ?? '019aa2b4-6f0e-7c51-9d0a-3f1b2c4d5e6f';
    return amend.undo(id, request.refusesConflicts ? 'conflicts=refuse' : '', options);
  }

  return {
    get dataApi() {
      return dataApi;
    },
    async send(request, uploadIds) {
      const answer = await sent(request, uploadIds);
      return { answer: foretoldOf(answer), uploadId: answer.body.upload_id };
    },
    async prove(period) {
      expect(await nightly(period)).toEqual({
        run: expect.any(String),
        status: 'succeeded',
        days_computed: dayNumber(period.to) - dayNumber(period.from),
        drift_found: 0,
      });
    },
    empty: () => emptyTables(test.pg, SELLERS),
    async stored() {
      const { rows } = await test.pg.query(
        `SELECT order_number,
           to_char(updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS updated_at
         FROM orders WHERE updated_at IS NOT NULL`,
      );
      const times = new Map(rows.map(({ order_number, updated_at }) => [order_number, updated_at]));
      const orders = await Promise.all(USERS.map((user) => storedOrders(test.pg, user)));
      return orders.map((ofUser) =>
        ofUser.map((order) => {
          const updated_at = times.get(order.order_number);
          return updated_at === undefined ? order : { ...order, updated_at };
        }),
      );
    },
    uploadIds: async () =>
      (await test.pg.query('SELECT id FROM uploads ORDER BY xid')).rows.map(({ id }) => id),
    async expectFigures(model) {
      expect(await rollUpDifferences(test.pg)).toEqual([]);
      for (const user of USERS) expectStats(user, await stats(user), model.statsOf(user));
    },
  };
}

/** What the model foretells of an answer. */
function foretoldOf({ status, body }: Sent): Answer {
  if (status !== 200) return { status: status as 400 | 404 | 409 | 422 };
  const { user, upload_id, items_count, undone, stale_order_numbers, ...figures } = body;
  return { status, hasReceipt: upload_id !== null, figures: figures as Figures };
}

function expectStats(
  user: string,
  { statusCode, body }: { statusCode: number; body: string },
  expected: ReturnType<Model['statsOf']>,
) {
  if (!expected) return expect(statusCode).toBe(404);
  const { orders_count, cents } = expected;
  const average = orders_count === 0 ? 0n : roundedHalfAwayFromZero(cents, BigInt(orders_count));
  expect(body).toBe(
    `{"user":"${user}","orders_count":${orders_count},"total_revenue":${money(cents)},"avg_order_value":${money(average)}}`,
  );
}

function roundedHalfAwayFromZero(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend;
  const rounded = (2n * magnitude + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

function money(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function structured(result: APIGatewayProxyResultV2): { statusCode: number; body: string } {
  return result as { statusCode: number; body: string };
}

async function nightlyClient(environment: Readonly<Record<string, string>>) {
  Object.assign(process.env, environment, { [KEEP_VERSIONS_DAYS]: '400' });
  const { handler } = await import('../../../functions/nightly/handler.ts');
  return (period: Period) => handler(period, lambdaContext(900_000));
}
