import { describe, expect, it } from 'vitest';
import { TestClock } from '../../helpers/test-clock.ts';
import { route } from './api.ts';
import { start } from './started.ts';

describe('a refusal', () => {
  it.each([
    ['an unknown path', '/nope', {}, 404, 'Not Found'],
    ['another method', '/', { method: 'PUT' }, 404, 'Not Found'],
    ['a path that is not UTF-8', '/%FF', {}, 400, 'Bad Request'],
    [
      'a body over 10 MB',
      '/',
      { method: 'POST', body: 'x'.repeat(10_485_761) },
      413,
      'Request Entity Too Large',
    ],
    [
      'headers over 10 KB',
      '/',
      { headers: { 'x-a': 'x'.repeat(10_240) } },
      431,
      'Request Header Fields Too Large',
    ],
  ])('is for %s', async (_, path, init, status, message) => {
    const { events, call } = await start([route('GET /'), route('POST /')]);
    expect(await call(path, init)).toMatchObject({ status, body: JSON.stringify({ message }) });
    expect(events).toEqual([]);
  });

  it('is for what goes beyond the throttle, where throttles hold', async () => {
    const clock = new TestClock();
    const throttle = { rateLimit: 2, burstLimit: 3 };
    const { call } = await start(
      [route('GET /', { type: 'NONE' }, throttle)],
      {},
      { throttled: true, clock },
    );
    const statuses = async (count: number) => {
      const answers: number[] = [];
      for (let i = 0; i < count; i++) answers.push((await call('/')).status);
      return answers;
    };
    expect(await statuses(5)).toEqual([204, 204, 204, 429, 429]);
    clock.pass(1_000);
    expect(await statuses(3)).toEqual([204, 204, 429]);
  });
});
