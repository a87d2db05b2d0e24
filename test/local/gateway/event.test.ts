import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { route } from './api.ts';
import { start } from './started.ts';

describe('an event', () => {
  it('says what came, decoded where API Gateway decodes', async () => {
    const { events, call } = await start([route('GET /orders/{number}/{rest+}')]);
    await call('/orders/%D0%A7%201/a%2Fb%3Flost?x=1&x=2%2C3&name=%D0%A7%D0%B0%D0%B9+a&flag', {
      headers: { 'X-Custom': 'Value', Cookie: 'a=1; b=2' },
    });
    const [event] = events;
    expect(event).toMatchObject({
      version: '2.0',
      routeKey: 'GET /orders/{number}/{rest+}',
      rawPath: '/orders/Ч 1/a/b',
      rawQueryString: 'x=1&x=2%2C3&name=%D0%A7%D0%B0%D0%B9+a&flag',
      queryStringParameters: { x: '1,2,3', name: 'Чай a', flag: '' },
      pathParameters: { number: 'Ч 1', rest: 'a/b' },
      cookies: ['a=1', 'b=2'],
      isBase64Encoded: false,
      requestContext: {
        accountId: '000000000000',
        apiId: 'abcdefghij',
        stage: '$default',
        http: { method: 'GET', path: '/orders/Ч 1/a/b', sourceIp: '127.0.0.1' },
      },
    });
    expect(event?.headers).toMatchObject({ 'x-custom': 'Value', 'x-forwarded-for': '127.0.0.1' });
    expect(event?.headers).not.toHaveProperty('cookie');
    expect(event).not.toHaveProperty('body');
  });

  it('joins a header that comes twice with a comma', async () => {
    const { endpoint, events } = await start([route('GET /')]);
    await new Promise((resolve) => {
      const headers = ['host', 'localhost', 'x-a', '1', 'X-A', '2'];
      httpRequest(endpoint, { headers }, (response) => {
        response.resume().on('end', resolve);
      }).end();
    });
    expect(events[0]?.headers['x-a']).toBe('1,2');
  });

  const JSON_BYTES = Buffer.from('{"чай":1}');
  const post = (body: Buffer<ArrayBuffer>, headers: Record<string, string>) => ({
    method: 'POST',
    headers,
    body,
  });
  const bytesIn = (event: APIGatewayProxyEventV2 | undefined) =>
    Buffer.from(event?.body ?? '', event?.isBase64Encoded ? 'base64' : 'utf8');

  it.each([
    ['application/json', false],
    ['Application/JSON; charset=utf-8', false],
    ['application/xml', false],
    ['text/csv; charset="UTF-8"; header=present', false],
    ['application/json; charset=windows-1251', true],
    ['text/plain; charset=iso-8859-1', true],
    ['application/problem+json', true],
    ['application/x-www-form-urlencoded', true],
    ['multipart/form-data; boundary=x', true],
    ['application/octet-stream', true],
    ['', true],
  ])('carries a body of type "%s" in base64: %s', async (type, isBase64Encoded) => {
    const { events, call } = await start([route('POST /')]);
    await call('/', post(JSON_BYTES, { 'content-type': type }));
    expect(events[0]?.isBase64Encoded).toBe(isBase64Encoded);
    expect(bytesIn(events[0]).equals(JSON_BYTES)).toBe(true);
  });

  it('loses what is no UTF-8 in a body that is carried as text, gzip too', async () => {
    const { events, call } = await start([route('POST /')]);
    const type = { 'content-type': 'application/json' };
    await call('/', post(Buffer.from([0x22, 0xc0, 0xc1, 0x22]), type));
    await call('/', post(gzipSync(JSON_BYTES), { ...type, 'content-encoding': 'gzip' }));
    expect(events[0]).toMatchObject({ body: '"\ufffd\ufffd"', isBase64Encoded: false });
    expect(events[1]).toMatchObject({
      body: expect.stringContaining('\x1f\ufffd'),
      isBase64Encoded: false,
    });
  });

  it.each([
    ['content-type', [false, false]],
    ['content-encoding', [false, true]],
    ['none', [true, true]],
  ] as const)('carries JSON and its gzip by the rule %s', async (textBodies, areBase64Encoded) => {
    const { events, call } = await start([route('POST /')], {}, { textBodies });
    const type = { 'content-type': 'application/json' };
    await call('/', post(JSON_BYTES, type));
    await call('/', post(gzipSync(JSON_BYTES), { ...type, 'content-encoding': 'gzip' }));
    expect(events.map((event) => event.isBase64Encoded)).toEqual(areBase64Encoded);
  });

  it.each([
    'content-type',
    'content-encoding',
    'none',
  ] as const)('carries gzip whole by the rule %s when it is an octet-stream', async (textBodies) => {
    const { events, call } = await start([route('POST /')], {}, { textBodies });
    const bytes = gzipSync(JSON_BYTES);
    await call(
      '/',
      post(bytes, {
        'content-type': 'application/octet-stream',
        'content-encoding': 'gzip',
      }),
    );
    expect(bytesIn(events[0]).equals(bytes)).toBe(true);
  });
});
