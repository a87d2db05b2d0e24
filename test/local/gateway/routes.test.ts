import { describe, expect, it } from 'vitest';
import { createRouter } from '../../../local/gateway/routes.ts';
import { route } from './api.ts';

const router = createRouter(
  [
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'ANY /pets/{id}',
    'GET /pets/{id}',
    'GET /pets/{id}/toys/{toy}',
    'GET /pets/dog',
    'GET /a.c',
  ].map((key) => route(key)),
);

describe('createRouter', () => {
  it.each([
    ['GET', '/pets/dog', 'GET /pets/dog', undefined],
    ['GET', '/pets/5', 'GET /pets/{id}', { id: '5' }],
    ['PUT', '/pets/5', 'ANY /pets/{id}', { id: '5' }],
    ['GET', '/pets/5/toys/ball', 'GET /pets/{id}/toys/{toy}', { id: '5', toy: 'ball' }],
    ['GET', '/pets/5/collar', 'GET /pets/{proxy+}', { proxy: '5/collar' }],
    ['POST', '/pets/5/collar', 'ANY /{proxy+}', { proxy: 'pets/5/collar' }],
    ['GET', '/a.c', 'GET /a.c', undefined],
    ['GET', '/abc', 'ANY /{proxy+}', { proxy: 'abc' }],
    ['GET', '/', '$default', undefined],
    ['GET', '/line\nbreak', 'ANY /{proxy+}', { proxy: 'line\nbreak' }],
  ])('sends %s %j to %s', (method, path, routeKey, pathParameters) => {
    const match = router(method, path);
    expect(match?.route.routeKey).toBe(routeKey);
    expect(match?.pathParameters).toEqual(pathParameters);
  });

  it('finds nothing for another method, a longer path or a slash at the end', () => {
    const find = createRouter([route('GET /api/orders/stats')]);
    expect(find('POST', '/api/orders/stats')).toBeUndefined();
    expect(find('GET', '/api/orders/stats/daily')).toBeUndefined();
    expect(find('GET', '/api/orders/stats/')).toBeUndefined();
  });
});
