import { describe, expect, it } from 'vitest';
import { route } from './api.ts';
import { start, THROTTLED } from './started.ts';

describe('an answer', () => {
  it('is what the function says, with the id of the request', async () => {
    const { events, call } = await start([route('GET /')], {
      'GET /': {
        statusCode: 201,
        headers: { 'Content-Type': 'text/html', 'X-A': 1 },
        cookies: ['a=1', 'b=2'],
        body: Buffer.from('чай').toString('base64'),
        isBase64Encoded: true,
      },
    });
    const { status, headers, body } = await call('/');
    expect({ status, body }).toEqual({ status: 201, body: 'чай' });
    expect(headers.get('content-type')).toBe('text/html');
    expect(headers.get('x-a')).toBe('1');
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(headers.get('apigw-requestid')).toBe(events[0]?.requestContext.requestId);
  });

  it('is a 200 of JSON when the function answers no status', async () => {
    const { call } = await start([route('GET /')], { 'GET /': { hello: 'world' } });
    const { status, headers, body } = await call('/');
    expect({ status, body }).toEqual({ status: 200, body: '{"hello":"world"}' });
    expect(headers.get('content-type')).toBe('application/json');
  });

  it.each([
    ['throws', Object.assign(new Error('secret'), { name: 'Error' })],
    ['runs out of time', Object.assign(new Error('secret'), { name: 'Sandbox.Timedout' })],
    ['answers a status that is no number', { statusCode: 'fine', body: 'secret' }],
    ['answers a body that is no text', { statusCode: 200, body: { secret: 1 } }],
    ['answers a header with a line break', { statusCode: 200, headers: { 'x-a': 'a\nb' } }],
    ['answers a header with a null character', { statusCode: 200, headers: { 'x-a': 'a\0b' } }],
    ['answers a header beyond Latin-1', { statusCode: 200, headers: { 'x-a': 'Чай' } }],
    ['answers a header whose name is no token', { statusCode: 200, headers: { 'x a': 'a' } }],
    ['answers a header without a name', { statusCode: 200, headers: { '': 'a' } }],
    ['answers a cookie with a line break', { statusCode: 200, cookies: ['a=1\r\nx: y'] }],
    ['answers a cookie beyond Latin-1', { statusCode: 200, cookies: ['a=Чай'] }],
  ])('is a 500 without details when the function %s', async (_, result) => {
    const { call } = await start([route('GET /')], { 'GET /': result });
    const { status, body } = await call('/');
    expect({ status, body }).toEqual({ status: 500, body: '{"message":"Internal Server Error"}' });
  });

  it('leaves the headers of the connection to the gateway', async () => {
    const headers = {
      'Transfer-Encoding': 'chunked',
      'content-length': '1',
      connection: 'upgrade',
      upgrade: 'h2c',
      trailer: 'x-a',
    };
    const { call } = await start([route('GET /')], {
      'GET /': { statusCode: 200, headers, body: 'all of it' },
    });
    const answer = await call('/');
    expect(answer).toMatchObject({ status: 200, body: 'all of it' });
    expect(answer.headers.get('content-length')).toBe('9');
    for (const name of ['transfer-encoding', 'upgrade', 'trailer']) {
      expect(answer.headers.get(name)).toBeNull();
    }
  });

  it('is a 503 when the function runs as often as it may', async () => {
    const { call } = await start([route('POST /')], { 'POST /': THROTTLED });
    expect(await call('/', { method: 'POST', body: 'x' })).toMatchObject({
      status: 503,
      body: '{"message":"Service Unavailable"}',
    });
  });

  it('is a 413 when the event is larger than Lambda takes', async () => {
    const tooLarge = Object.assign(new Error(), { name: 'RequestTooLargeException' });
    const { call } = await start([route('POST /')], { 'POST /': tooLarge });
    expect(await call('/', { method: 'POST', body: 'x' })).toMatchObject({
      status: 413,
      body: '{"message":"Request Entity Too Large"}',
    });
  });
});
