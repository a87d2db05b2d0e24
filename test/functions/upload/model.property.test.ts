import type { APIGatewayProxyResultV2 } from 'aws-lambda';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { UploadedOrder } from '../../../db/uploads/order-columns.ts';
import type { DataApiServer } from '../../../local/data-api/server.ts';
import { startOwnDataApi } from '../../helpers/data-api.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { apiEvent, lambdaContext } from '../../helpers/events.ts';
import { rollUpDifferences, storedOrders } from '../../helpers/orders.ts';
import { uploadClient } from './client.ts';
import { type Answer, Model, type ModelUpload } from './model.ts';

const USERS = ['seller-1', 'seller-2'];

const anItem = fc.record({
  sku: fc.constantFrom('tea01', 'cup01'),
  name: fc.constantFrom('Чай "зелёный"', 'Чашка \\ 🍵'),
  quantity: fc.oneof(
    { weight: 20, arbitrary: fc.nat(2) },
    { weight: 1, arbitrary: fc.constant(-1) },
  ),
  price: fc.constantFrom('500.00', '0.01', '-1.50'),
});

/** Few numbers, days, statuses and amounts, so that uploads meet each other often. */
const anOrder: fc.Arbitrary<UploadedOrder> = fc.record({
  order_number: fc.constantFrom('A', 'b', 'Ж', 'ж', '10', '9'),
  created_at: fc.constantFrom('2025-11-12T23:59:59.999999Z', '2025-11-13T00:00:00.000000Z'),
  total_amount: fc.constantFrom('2500.00', '-0.01', '9999999999.99'),
  status: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom('new', 'paid') },
    { weight: 1, arbitrary: fc.constant('') },
  ),
  items: fc.array(anItem, { maxLength: 3 }),
});

const anUpload: fc.Arbitrary<ModelUpload> = fc.record({
  user: fc.constantFrom(...USERS),
  orders: fc.array(anOrder, { maxLength: 4 }),
});

let test: TestDatabase;
let dataApi: DataApiServer;
let send: (upload: ModelUpload) => Promise<Answer>;
let stats: (user: string) => Promise<{ statusCode: number; body: string }>;

beforeAll(async () => {
  test = await createTestDatabase();
  const own = await startOwnDataApi();
  dataApi = own.dataApi;
  const client = await uploadClient({ ...test.environmentOf('upload'), ...own.environment });
  const { handler: getStats } = await import('../../../functions/stats/handler.ts');
  send = async (upload) => {
    const { status, body } = await client(upload);
    if (status !== 200) return { status: status as 400 | 409 };
    return {
      status,
      created: Number(body.orders_created),
      updated: Number(body.orders_updated),
      unchanged: Number(body.orders_unchanged),
    };
  };
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
  await test.drop();
});

describe('uploads, several at a time', () => {
  it('answer and store what a map in memory would, one after the other in some order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anUpload, { minLength: 1, maxLength: 3 }), {
          minLength: 1,
          maxLength: 6,
        }),
        async (steps) => {
          await test.pg.query('TRUNCATE users CASCADE');
          let model = new Model();
          for (const uploads of steps) {
            const answers = await Promise.all(uploads.map(send));
            model = await explain(model, uploads, answers);
          }
          expect(await rollUpDifferences(test.pg)).toEqual([]);
          for (const user of USERS) await expectStats(user, model.statsOf(user));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are stored once, whole, also when calls are cut off or their answers are lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anUpload, { minLength: 1, maxLength: 8 }),
        fc.integer(),
        async (uploads, seed) => {
          await test.pg.query('TRUNCATE users CASCADE');
          dataApi.faults.seed(seed);
          dataApi.faults.add({ kind: 'cut-before', probability: 0.2 });
          dataApi.faults.add({ kind: 'cut-after', probability: 0.3 });
          let model = new Model();
          for (const upload of uploads) {
            const { answer, after } = model.upload(upload);
            expect((await send(upload)).status).toBe(answer.status);
            model = after;
          }
          dataApi.faults.clear();
          for (const user of USERS) {
            expect(await storedOrders(test.pg, user)).toEqual(model.ordersOf(user));
            await expectStats(user, model.statsOf(user));
          }
          expect(await rollUpDifferences(test.pg)).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });
});

/** The model after the uploads, in the order that explains their answers and what is stored now. */
async function explain(model: Model, uploads: readonly ModelUpload[], answers: readonly Answer[]) {
  const stored = await Promise.all(USERS.map((user) => storedOrders(test.pg, user)));
  const outcomes = permutations(uploads.map((_, i) => i)).map((order) => {
    const foretold: Answer[] = [];
    let after = model;
    for (const i of order) {
      const step = after.upload(uploads[i]!);
      foretold[i] = step.answer;
      after = step.after;
    }
    return { after, foretold, stored: USERS.map((user) => after.ordersOf(user)) };
  });
  expect(outcomes.map(({ foretold, stored }) => ({ foretold, stored }))).toContainEqual({
    foretold: answers,
    stored,
  });
  const text = JSON.stringify([answers, stored]);
  return outcomes.find((o) => JSON.stringify([o.foretold, o.stored]) === text)!.after;
}

async function expectStats(user: string, expected: ReturnType<Model['statsOf']>) {
  const { statusCode, body } = await stats(user);
  if (!expected) return expect(statusCode).toBe(404);
  const { orders_count, cents } = expected;
  const average = roundedHalfAwayFromZero(cents, BigInt(orders_count));
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

function permutations(members: readonly number[]): number[][] {
  if (members.length < 2) return [[...members]];
  return members.flatMap((first) =>
    permutations(members.filter((other) => other !== first)).map((rest) => [first, ...rest]),
  );
}

function structured(result: APIGatewayProxyResultV2): { statusCode: number; body: string } {
  return result as { statusCode: number; body: string };
}
