import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { keyOf, uploadEvent } from '../../helpers/events.ts';
import { order, orders, storedOrders } from '../../helpers/orders.ts';
import { logged, type Send, uploadClient } from './client.ts';

const MISSION_UPLOAD = readFileSync(
  new URL('../../fixtures/mission-upload.json', import.meta.url),
  'utf8',
);

let test: TestDatabase;
let client: Send;

beforeAll(async () => {
  test = await createTestDatabase();
  client = await uploadClient({ ...test.environmentOf('upload'), POWERTOOLS_LOG_LEVEL: 'INFO' });
});
afterAll(() => test.drop());

/** The handler's answer to an event, and the lines that it logged. */
async function send(event: APIGatewayProxyEventV2) {
  const { result, log } = await logged(() => client(event));
  return { ...result, type: result.headers['content-type'], log };
}

/** An upload with a key of this seller. */
function eventOfKey(upload: object, seller: string) {
  const event = uploadEvent(upload);
  Object.assign(event.requestContext, keyOf(seller));
  return event;
}

describe('POST /api/orders/upload', () => {
  it("takes the mission's example, byte for byte, also again", async () => {
    const answer = (created: number, unchanged: number) => ({
      status: 200,
      type: 'application/json',
      body: {
        user: 'test_seller',
        orders_created: created,
        orders_updated: 0,
        orders_unchanged: unchanged,
        items_count: 2,
      },
    });
    expect(await send(uploadEvent(MISSION_UPLOAD))).toMatchObject(answer(1, 0));
    expect(await send(uploadEvent(MISSION_UPLOAD))).toMatchObject(answer(0, 1));
  });

  it('takes a gzip body as API Gateway hands it over', async () => {
    const event = uploadEvent(gzipSync(MISSION_UPLOAD).toString('base64'), {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      isBase64Encoded: true,
    });
    expect((await send(event)).status).toBe(200);
  });

  it.each([
    ['x-gzip', 'application/json'],
    ['gzip', 'application/octet-stream'],
    ['identity', 'application/json'],
  ])('knows a gzip body by its bytes: encoded %s, of type %s', async (encoding, type) => {
    const event = uploadEvent(gzipSync(MISSION_UPLOAD).toString('base64'), {
      headers: { 'content-type': type, 'content-encoding': encoding },
      isBase64Encoded: true,
    });
    expect((await send(event)).status).toBe(200);
  });

  it('takes a body that something on the way has decompressed', async () => {
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    expect((await send(uploadEvent(MISSION_UPLOAD, { headers }))).status).toBe(200);
  });

  it('refuses gzip that arrived as text and says what to send instead', async () => {
    const event = uploadEvent(gzipSync(MISSION_UPLOAD).toString('utf8'), {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    });
    expect(await send(event)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('application/octet-stream') },
    });
  });

  describe('a body that is not UTF-8', () => {
    const cyrillic = (bytes: number[]) => {
      const [before = '', after = ''] = JSON.stringify({
        user: 'cyrillic',
        orders: [order({ order_number: '?-1' })],
      }).split('?');
      return Buffer.concat([Buffer.from(before), Buffer.from(bytes), Buffer.from(after)]);
    };
    const headers = { 'content-type': 'application/json' };
    const asText = (body: Buffer) => uploadEvent(body.toString(), { headers });
    const asBytes = (body: Buffer) =>
      uploadEvent(body.toString('base64'), { headers, isBase64Encoded: true });
    const compressed = (body: Buffer) => asBytes(gzipSync(body));

    it.each([
      ['text', asText],
      ['base64', asBytes],
      ['gzip', compressed],
    ])('is refused as %s, the field named, and merges no orders', async (_, toEvent) => {
      for (const bytes of [
        [0xc0, 0xc1],
        [0xc2, 0xc3],
      ]) {
        const event = toEvent(cyrillic(bytes));
        Object.assign(event.requestContext, keyOf('cyrillic'));
        expect(await send(event)).toMatchObject({
          status: 400,
          body: {
            errors: [
              {
                pointer: '/orders/0/order_number',
                code: 'invalid_utf8',
                detail: expect.stringContaining('send UTF-8'),
                value: '\ufffd\ufffd-1',
              },
            ],
          },
        });
      }
      expect(await storedOrders(test.pg, 'cyrillic')).toEqual([]);
    });
  });

  it('looks at whose key it is before it looks at the orders', async () => {
    const event = uploadEvent({ user: 'somebody else', orders: [{}, 0] });
    Object.assign(event.requestContext, keyOf('test_seller'));
    expect((await send(event)).status).toBe(403);
  });

  it('says what is wrong with a user that nobody can have', async () => {
    const event = uploadEvent({ user: '', orders: [{}] });
    Object.assign(event.requestContext, keyOf('test_seller'));
    const { status, body } = await send(event);
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([
      { pointer: '/user', code: 'too_short' },
      {},
      {},
      {},
      {},
      {},
    ]);
  });

  it.each(['{},', '0,', '"\\u0000",'])('looks at a part only of 16 MiB of %s', async (member) => {
    const start = JSON.stringify({ user: 'test_seller', orders: [] }).slice(0, -2);
    const room = 16 * 1024 * 1024 - start.length - 3;
    const json = `${start}${member.repeat(room / member.length)}0]}`;
    const event = uploadEvent(gzipSync(json).toString('base64'), {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      isBase64Encoded: true,
    });
    const { status, body } = await send(event);
    expect(status).toBe(400);
    expect(body.detail).toMatch(/^The body has more than 1900000 values|^At least 100000 errors/);
    expect(JSON.stringify(body).length).toBeLessThan(20_000);
  });

  it('answers 400 with every error as problem details, and stores nothing', async () => {
    const bad = { ...order({ order_number: 'bad' }), status: '', total_amount: '12,50' };
    const uploaded = [...orders(3, 'good-'), bad];
    const event = uploadEvent({ user: 'careless', orders: uploaded });
    const answer = await send(event);
    expect(answer).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: {
        type: '/api/docs#status-400',
        title: 'Bad Request',
        status: 400,
        detail: '2 errors were found; nothing was stored.',
        request_id: event.requestContext.requestId,
        errors: [
          {
            pointer: '/orders/3/total_amount',
            code: 'invalid_amount',
            order_number: 'bad',
            value: '12,50',
          },
          { pointer: '/orders/3/status', code: 'too_short', order_number: 'bad', value: '' },
        ],
        errors_count: 2,
      },
    });
    expect(await storedOrders(test.pg, 'careless')).toEqual([]);
  });

  it("answers 409 with the numbers that are another seller's", async () => {
    await send(uploadEvent({ user: 'owner', orders: orders(2, 'owned-') }));
    const answer = await send(uploadEvent({ user: 'thief', orders: orders(3, 'owned-') }));
    expect(answer).toMatchObject({
      status: 409,
      body: {
        detail: expect.stringContaining('prefix your numbers'),
        errors: [
          { order_number: 'owned-0', detail: expect.stringContaining('prefix your numbers') },
          { order_number: 'owned-1' },
        ],
        errors_count: 2,
      },
    });
    expect(JSON.stringify(answer.body)).not.toContain('owner');
  });

  it('stores any text as it is, SQL and markup included', async () => {
    const text = `'); DROP TABLE orders; -- :0 $1 \\ "<b>&`;
    const odd = order({
      order_number: text,
      status: text.slice(0, 20),
      items: [{ sku: text, name: text, quantity: 0, price: '-0.01' }],
    });
    expect((await send(uploadEvent({ user: text, orders: [odd] }))).status).toBe(200);
    expect(await storedOrders(test.pg, text)).toEqual([odd]);
  });

  it("stores orders under the key's seller, however the name is composed", async () => {
    const stored = 'Ёж'.normalize('NFD');
    const upload = { user: 'Ёж'.normalize('NFC'), orders: orders(1, 'composed') };
    const answer = await send(eventOfKey(upload, stored));
    expect(answer).toMatchObject({ status: 200, body: { user: stored, orders_created: 1 } });
    const { rows } = await test.pg.query(
      "SELECT username FROM users JOIN orders ON orders.user_id = users.id WHERE order_number = 'composed0'",
    );
    expect(rows).toEqual([{ username: stored }]);
  });

  it('logs one line with what it did, and nothing of the orders', async () => {
    const secret = order({ order_number: 'hidden-number', status: 'hidden-status' });
    const { log } = await send(uploadEvent({ user: 'logged', orders: [secret] }));
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({
      level: 'INFO',
      message: 'orders uploaded',
      function_request_id: 'request-1',
      seller: 'logged',
      orders_created: 1,
      items_count: 2,
      calls: 1,
      retries: 0,
      request_bytes: expect.any(Number),
      duration_ms: expect.any(Number),
    });
    expect(JSON.stringify(log)).not.toContain('hidden');
    expect(JSON.stringify(log)).not.toContain('Чай');
  });

  it('does not log what a broken body holds, though the answer says where it breaks', async () => {
    const { status, log } = await send(uploadEvent('{"user": hidden}'));
    expect(status).toBe(400);
    expect(JSON.stringify(log)).toContain('invalid_json');
    expect(JSON.stringify(log)).not.toContain('hidden');
  });

  it('logs why it refused an upload, and nothing of its contents', async () => {
    const bad = {
      ...order({ order_number: 'hidden-number' }),
      status: '',
      total_amount: 'hidden-amount',
    };
    const { log } = await send(uploadEvent({ user: 'refused', orders: [bad] }));
    expect(log).toMatchObject([
      {
        level: 'WARN',
        message: 'request refused',
        status: 400,
        codes: ['invalid_amount', 'too_short'],
      },
    ]);
    expect(JSON.stringify(log)).not.toContain('hidden');
  });

  it('answers a failure of its own with a 500 that tells nothing, and logs it', async () => {
    await test.pg.query('ALTER FUNCTION raise_serialization_failure(text) RENAME TO gone');
    const event = uploadEvent({ user: 'unlucky', orders: [order()] });
    const answer = await send(event);
    await test.pg.query('ALTER FUNCTION gone(text) RENAME TO raise_serialization_failure');
    expect(answer).toMatchObject({
      status: 500,
      type: 'application/problem+json',
      body: {
        type: '/api/docs#status-500',
        title: 'Internal Server Error',
        status: 500,
        detail: 'Something failed on our side.',
        request_id: event.requestContext.requestId,
      },
    });
    expect(Object.keys(answer.body)).toEqual(['type', 'title', 'status', 'detail', 'request_id']);
    expect(answer.log).toMatchObject([
      { level: 'ERROR', error: { name: 'DatabaseErrorException' } },
    ]);
  });
});
