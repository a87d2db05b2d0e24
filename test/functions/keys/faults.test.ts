import { beforeAll, expect, it } from 'vitest';
import { KEY_ENVIRONMENT } from '../../../functions/shared/env.ts';
import { idOf } from '../../db/sellers/erasing.ts';
import { linesOf } from '../../helpers/audit-log.ts';
import { useOwnDataApi } from '../../helpers/data-api.ts';
import { useEmptyDatabase } from '../../helpers/database.ts';
import { lambdaContext } from '../../helpers/events.ts';
import { type Answer, adminEvent } from '../admin/pages.ts';

const test = useEmptyDatabase();
const own = useOwnDataApi();
let handler: typeof import('../../../functions/keys/handler.ts').handler;
beforeAll(async () => {
  Object.assign(process.env, test.environmentOf('keys'), own.environment, {
    [KEY_ENVIRONMENT]: 'test',
  });
  ({ handler } = await import('../../../functions/keys/handler.ts'));
});

async function post(routeKey: string, id: string, body: object) {
  const event = adminEvent(routeKey.slice('POST '.length).replace('{id}', id), {
    routeKey,
    body: JSON.stringify(body),
    pathParameters: { id },
    headers: { 'content-type': 'application/json' },
  });
  event.requestContext.http.method = 'POST';
  const { statusCode, body: text } = (await handler(event, lambdaContext())) as Answer;
  return { status: statusCode, answer: JSON.parse(text) };
}

it.each([
  1, 2, 4, 6,
])('a key is made, rotated and revoked once when %i answers are lost', async (calls) => {
  const lose = () =>
    own.dataApi.faults.add({ kind: 'cut-after', operations: ['ExecuteStatement'], calls });
  lose();
  const made = await post('POST /admin/api/keys', '', { user: 'seller' });
  expect(made.status).toBe(201);
  lose();
  const rotated = await post('POST /admin/api/keys/{id}/rotate', made.answer.id, {});
  expect(rotated).toMatchObject({ status: 201, answer: { replaces: { id: made.answer.id } } });
  lose();
  const revoked = await post('POST /admin/api/keys/{id}/revoke', rotated.answer.id, {});
  expect(revoked).toMatchObject({ status: 200, answer: { state: 'revoked' } });
  expect((await test.pg.query('SELECT FROM seller_keys')).rows).toHaveLength(2);
  const lines = await linesOf(test.pg, await idOf(test.pg, 'seller'));
  expect(lines.map(({ action }) => action)).toEqual([
    'seller.create',
    'key.create',
    'key.rotate',
    'key.revoke',
  ]);
});
