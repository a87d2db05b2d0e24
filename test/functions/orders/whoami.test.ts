import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  DATABASE_NAME,
  DATABASE_RESOURCE_ARN,
  DATABASE_SECRET_ARN,
} from '../../../db/data-api/env.ts';
import { KEEP_VERSIONS_DAYS } from '../../../functions/shared/env.ts';
import { apiEvent, keyOf, lambdaContext } from '../../helpers/events.ts';

type Handler = typeof import('../../../functions/orders/handler.ts').handler;

let handler: Handler;
beforeAll(async () => {
  // Of no database: a route that asked it would fail.
  for (const name of [DATABASE_NAME, DATABASE_RESOURCE_ARN, DATABASE_SECRET_ARN]) {
    process.env[name] = 'none';
  }
  process.env[KEEP_VERSIONS_DAYS] = '400';
  process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
  ({ handler } = await import('../../../functions/orders/handler.ts'));
});

async function ask(rawQueryString: string, key: object) {
  const event = apiEvent({ routeKey: 'GET /api/whoami', rawQueryString });
  Object.assign(event.requestContext, key);
  return (await handler(event, lambdaContext())) as APIGatewayProxyStructuredResultV2;
}

describe('GET /api/whoami', () => {
  it('says whose key was sent and what it is good for, without the database', async () => {
    const expires_at_ms = Date.UTC(2999, 0, 2, 3, 4, 5, 6);
    expect(await ask('', keyOf('test_seller', { expires_at_ms }))).toMatchObject({
      statusCode: 200,
      body: '{"user":"test_seller","key_id":"key","scopes":["orders:write","orders:read","stats:read"],"expires_at":"2999-01-02T03:04:05.006000Z"}',
    });
  });

  it.each([
    'orders:write',
    'orders:read',
    'stats:read',
  ])('takes a key for %s alone', async (scope) => {
    expect(await ask('', keyOf('test_seller', { scopes: scope }))).toMatchObject({
      statusCode: 200,
      body: `{"user":"test_seller","key_id":"key","scopes":["${scope}"],"expires_at":null}`,
    });
  });

  it('takes the name of its seller, in any form, and of no other', async () => {
    const key = keyOf('Ёж'.normalize('NFC'));
    const query = (user: string) => new URLSearchParams({ user }).toString();
    const answer = await ask(query('Ёж'.normalize('NFD')), key);
    expect(answer).toMatchObject({ statusCode: 200 });
    expect(answer.body).toContain('"user":"Ёж"'.normalize('NFC'));
    expect(await ask(query('other'), key)).toMatchObject({ statusCode: 403 });
    expect(await ask('who=me', key)).toMatchObject({ statusCode: 400 });
  });

  it.each([
    [undefined, 'Send a key'],
    [{ refused: 'revoked' }, 'revoked'],
    [{ seller: 'a', key_id: 'key', scopes: '', expires_at_ms: 1 }, 'expired'],
  ])('is closed to %j', async (lambda, reason) => {
    const answer = await ask('', { authorizer: { lambda } });
    expect(answer.statusCode).toBe(401);
    expect(answer.body).toContain(reason);
  });
});
