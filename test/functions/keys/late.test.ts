import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { listKeys } from '../../../db/keys/list-keys.ts';
import { createKey } from '../../../db/keys/seller-keys.ts';
import { KEY_ENVIRONMENT } from '../../../functions/shared/env.ts';
import { generateKey } from '../../../functions/shared/key-format.ts';
import { SOMEBODY } from '../../helpers/audit-log.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import {
  answerWithout,
  type HoldingProxy,
  startHoldingProxy,
} from '../../helpers/holding-proxy.ts';
import { type Answer, adminEvent } from '../admin/pages.ts';

let test: TestDatabase;
let proxy: HoldingProxy;
let handler: typeof import('../../../functions/keys/handler.ts').handler;
beforeAll(async () => {
  test = await createTestDatabase();
  proxy = await startHoldingProxy(inject('cloud').dataApiEndpoint);
  Object.assign(process.env, test.environmentOf('keys'), {
    AWS_ENDPOINT_URL_RDS_DATA: proxy.endpoint,
    [KEY_ENVIRONMENT]: 'test',
  });
  ({ handler } = await import('../../../functions/keys/handler.ts'));
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await test.drop();
});

async function post(routeKey: string, id: string, body: object, remainingMs: number) {
  const address = routeKey.slice('POST '.length).replace('{id}', id);
  const isApi = routeKey.includes('/api/');
  const event = adminEvent(address, {
    routeKey: isApi ? routeKey : 'POST /admin/keys/{proxy+}',
    body: isApi ? JSON.stringify(body) : '',
    pathParameters: { id },
  });
  event.requestContext.http.method = 'POST';
  event.headers = isApi
    ? { 'content-type': 'application/json' }
    : { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' };
  const { statusCode } = (await handler(event, lambdaContext(remainingMs))) as Answer;
  return { status: statusCode };
}

describe('a change of keys that was answered 503', () => {
  it.each([
    ['POST /admin/api/keys', /INSERT INTO users/, { user: 'seller' }],
    ['POST /admin/api/keys', /INSERT INTO seller_keys/, { user: 'seller' }],
    ['POST /admin/api/keys/{id}/rotate', /UPDATE seller_keys/, {}],
    ['POST /admin/api/keys/{id}/revoke', /UPDATE seller_keys/, {}],
    ['POST /admin/keys/{id}/rotate', /UPDATE seller_keys/, {}],
    ['POST /admin/keys/{id}/revoke', /UPDATE seller_keys/, {}],
  ])('does not happen when %s reaches the database later: %s', async (route, sql, body) => {
    const made = generateKey('test');
    await createKey(
      test.db,
      { user: 'seller', label: 'erp', scopes: ['stats:read'], ...made },
      SOMEBODY,
    );
    const before = await listKeys(test.db, 'seller');
    const held = proxy.hold('/Execute', sql);
    const late = await answerWithout(held, 2_500, (ms) => post(route, made.id, body, ms));
    expect(late.status).toBe(503);
    expect((await held.letOn()).body).toContain('too late to write');
    expect(await listKeys(test.db, 'seller')).toEqual(before);
  });
});
