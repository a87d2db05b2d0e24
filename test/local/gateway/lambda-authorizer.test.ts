import { describe, expect, it } from 'vitest';
import { TestClock } from '../../helpers/test-clock.ts';
import { fn, route } from './api.ts';
import { start, THROTTLED } from './started.ts';

describe('a route with a Lambda authorizer', () => {
  const authorizer = (resultTtlSeconds: number) => ({
    type: 'CUSTOM' as const,
    authorizer: {
      id: 'authorizer',
      function: fn('authorize'),
      identitySources: ['$request.header.Authorization'],
      resultTtlSeconds,
    },
  });
  const withKey = (key: string) => ({ headers: { authorization: key } });

  it('is 401 without the identity, and the authorizer is not asked', async () => {
    const { events, call } = await start([route('GET /', authorizer(60))]);
    expect(await call('/')).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
    expect(await call('/', withKey(''))).toMatchObject({ status: 401 });
    expect(events).toEqual([]);
  });

  it('hands over what the authorizer says', async () => {
    const context = { user: 'test_seller', scopes: 'orders:write' };
    const { events, call } = await start([route('GET /', authorizer(60))], {
      authorize: { isAuthorized: true, context },
    });
    expect(await call('/?a=1', withKey('Bearer key'))).toMatchObject({ status: 204 });
    expect(events[0]).toMatchObject({
      version: '2.0',
      type: 'REQUEST',
      routeArn: 'arn:aws:execute-api:us-east-1:000000000000:abcdefghij/$default/GET/',
      identitySource: ['Bearer key'],
      routeKey: 'GET /',
      queryStringParameters: { a: '1' },
    });
    expect(events[1]?.requestContext).toMatchObject({ authorizer: { lambda: context } });
  });

  it.each([
    ['refuses', { isAuthorized: false }, 403, 'Forbidden'],
    ['throws', new Error('secret'), 500, 'Internal Server Error'],
    ['answers anything else', { allowed: true }, 500, 'Internal Server Error'],
    ['runs as often as it may', THROTTLED, 503, 'Service Unavailable'],
  ])('is closed when the authorizer %s', async (_, result, status, message) => {
    const { events, call } = await start([route('GET /', authorizer(60))], { authorize: result });
    expect(await call('/', withKey('key'))).toMatchObject({
      status,
      body: JSON.stringify({ message }),
    });
    expect(events).toHaveLength(1);
  });

  it('keeps an answer for its time, by identity, on every route', async () => {
    const clock = new TestClock();
    const routes = [route('GET /a', authorizer(60)), route('GET /b', authorizer(60))];
    const results = { authorize: { isAuthorized: true } };
    const { events, call } = await start(routes, results, { clock });
    const asked = () => events.filter((event) => 'identitySource' in event).length;
    await call('/a', withKey('one'));
    await call('/b', withKey('one'));
    expect(asked()).toBe(1);
    await call('/a', withKey('two'));
    expect(asked()).toBe(2);
    clock.pass(60_000);
    await call('/a', withKey('one'));
    expect(asked()).toBe(3);
  });

  it('asks each time when nothing is to be kept', async () => {
    const results = { authorize: { isAuthorized: true } };
    const { events, call } = await start([route('GET /', authorizer(0))], results);
    await call('/', withKey('one'));
    await call('/', withKey('one'));
    expect(events).toHaveLength(4);
  });
});
