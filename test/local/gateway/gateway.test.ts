import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../local/aws/clock.ts';
import type { LocalRoute } from '../../../local/cloud-assembly/model.ts';
import { type Gateway, startGateway } from '../../../local/gateway/gateway.ts';
import type { PipelineOptions } from '../../../local/gateway/request-pipeline.ts';
import { withTimeout } from '../../../local/gateway/timeout.ts';
import type { Invocation } from '../../../local/lambda/worker.ts';
import { TestClock } from '../../helpers/test-clock.ts';
import { fn, httpApi, route } from './api.ts';

let gateway: Gateway;
afterEach(() => gateway.stop());

/** What functions answer, by name; each call's event is kept. */
async function start(
  routes: LocalRoute[],
  results: Record<string, unknown> = {},
  options: Partial<PipelineOptions> = {},
) {
  const events: APIGatewayProxyEventV2[] = [];
  gateway = await startGateway({
    api: httpApi(...routes),
    invoke: async (called, event) => {
      events.push(event as APIGatewayProxyEventV2);
      const result = results[called.name] ?? { statusCode: 204 };
      return result instanceof Error ? failed(result) : succeeded(result);
    },
    ...options,
  });
  return events;
}

const succeeded = (result: unknown): Invocation => ({
  ok: true,
  json: JSON.stringify(result),
  maxRssBytes: 0,
});
const failed = ({ name, message }: Error): Invocation => ({
  ok: false,
  timedOut: false,
  error: { errorType: name, errorMessage: message },
});

const THROTTLED = Object.assign(new Error(), { name: 'TooManyRequestsException' });

async function call(path: string, init: RequestInit = {}) {
  const response = await fetch(`${gateway.url}${path}`, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

describe('an event', () => {
  it('says what came, decoded where API Gateway decodes', async () => {
    const events = await start([route('GET /orders/{number}/{rest+}')]);
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
    const events = await start([route('GET /')]);
    await new Promise((resolve) => {
      const headers = ['host', 'localhost', 'x-a', '1', 'X-A', '2'];
      httpRequest(gateway.url, { headers }, (response) => {
        response.resume().on('end', resolve);
      }).end();
    });
    expect(events[0]?.headers['x-a']).toBe('1,2');
  });

  const JSON_BYTES = Buffer.from('{"чай":1}');
  const send = async (body: Buffer<ArrayBuffer>, headers: Record<string, string>) =>
    call('/', { method: 'POST', headers, body });
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
    const events = await start([route('POST /')]);
    await send(JSON_BYTES, { 'content-type': type });
    expect(events[0]?.isBase64Encoded).toBe(isBase64Encoded);
    expect(bytesIn(events[0]).equals(JSON_BYTES)).toBe(true);
  });

  it('loses what is no UTF-8 in a body that is carried as text, gzip too', async () => {
    const events = await start([route('POST /')]);
    const type = { 'content-type': 'application/json' };
    await send(Buffer.from([0x22, 0xc0, 0xc1, 0x22]), type);
    await send(gzipSync(JSON_BYTES), { ...type, 'content-encoding': 'gzip' });
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
    const events = await start([route('POST /')], {}, { textBodies });
    const type = { 'content-type': 'application/json' };
    await send(JSON_BYTES, type);
    await send(gzipSync(JSON_BYTES), { ...type, 'content-encoding': 'gzip' });
    expect(events.map((event) => event.isBase64Encoded)).toEqual(areBase64Encoded);
  });

  it.each([
    'content-type',
    'content-encoding',
    'none',
  ] as const)('carries gzip whole by the rule %s when it is an octet-stream', async (textBodies) => {
    const events = await start([route('POST /')], {}, { textBodies });
    const bytes = gzipSync(JSON_BYTES);
    await send(bytes, {
      'content-type': 'application/octet-stream',
      'content-encoding': 'gzip',
    });
    expect(bytesIn(events[0]).equals(bytes)).toBe(true);
  });
});

describe('an answer', () => {
  it('is what the function says, with the id of the request', async () => {
    const events = await start([route('GET /')], {
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
    await start([route('GET /')], { 'GET /': { hello: 'world' } });
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
    await start([route('GET /')], { 'GET /': result });
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
    await start([route('GET /')], { 'GET /': { statusCode: 200, headers, body: 'all of it' } });
    const answer = await call('/');
    expect(answer).toMatchObject({ status: 200, body: 'all of it' });
    expect(answer.headers.get('content-length')).toBe('9');
    for (const name of ['transfer-encoding', 'upgrade', 'trailer']) {
      expect(answer.headers.get(name)).toBeNull();
    }
  });

  it('is a 503 when the function runs as often as it may', async () => {
    await start([route('POST /')], { 'POST /': THROTTLED });
    expect(await call('/', { method: 'POST', body: 'x' })).toMatchObject({
      status: 503,
      body: '{"message":"Service Unavailable"}',
    });
  });

  it('is a 413 when the event is larger than Lambda takes', async () => {
    const tooLarge = Object.assign(new Error(), { name: 'RequestTooLargeException' });
    await start([route('POST /')], { 'POST /': tooLarge });
    expect(await call('/', { method: 'POST', body: 'x' })).toMatchObject({
      status: 413,
      body: '{"message":"Request Entity Too Large"}',
    });
  });
});

describe('a request whose client goes away', () => {
  it('is told to the function that it waits for, and holds up nobody else', async () => {
    const asked = Promise.withResolvers<AbortSignal>();
    await start(
      [route('GET /'), route('GET /other')],
      {},
      {
        invoke: async (called, _event, signal) => {
          if (called.name === 'GET /other') return succeeded({ statusCode: 204 });
          asked.resolve(signal!);
          await once(signal!, 'abort');
          return failed(new Error('abandoned'));
        },
      },
    );
    const request = httpRequest(gateway.url);
    request.on('error', () => {}); // we end it ourselves
    request.end();
    const signal = await asked.promise;
    expect(signal.aborted).toBe(false);
    request.destroy();
    await once(signal, 'abort');
    expect(await call('/other')).toMatchObject({ status: 204 });
  });
});

describe('withTimeout', () => {
  it('tells the work that its time is over, so that it need not begin', async () => {
    const told = Promise.withResolvers<AbortSignal>();
    const work = (signal: AbortSignal) => {
      told.resolve(signal);
      return new Promise<never>(() => {});
    };
    expect(await withTimeout(work, 1, new AbortController().signal, systemClock)).toBeUndefined();
    expect((await told.promise).aborted).toBe(true);
  });
});

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
    const events = await start([route('GET /'), route('POST /')]);
    expect(await call(path, init)).toMatchObject({ status, body: JSON.stringify({ message }) });
    expect(events).toEqual([]);
  });

  it('is for what goes beyond the throttle, where throttles hold', async () => {
    const clock = new TestClock();
    const throttle = { rateLimit: 2, burstLimit: 3 };
    await start([route('GET /', { type: 'NONE' }, throttle)], {}, { throttled: true, clock });
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
    const events = await start([route('GET /', authorizer(60))]);
    expect(await call('/')).toMatchObject({ status: 401, body: '{"message":"Unauthorized"}' });
    expect(await call('/', withKey(''))).toMatchObject({ status: 401 });
    expect(events).toEqual([]);
  });

  it('hands over what the authorizer says', async () => {
    const context = { user: 'test_seller', scopes: 'orders:write' };
    const events = await start([route('GET /', authorizer(60))], {
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
    const events = await start([route('GET /', authorizer(60))], { authorize: result });
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
    const events = await start(routes, results, { clock });
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
    const events = await start([route('GET /', authorizer(0))], results);
    await call('/', withKey('one'));
    await call('/', withKey('one'));
    expect(events).toHaveLength(4);
  });
});

describe('a route behind IAM', () => {
  async function signed(path: string, { secret = 'local', method = 'GET', body = '' } = {}) {
    const url = new URL(gateway.url + path);
    const signer = new SignatureV4({
      service: 'execute-api',
      region: 'us-east-1',
      credentials: { accessKeyId: 'local', secretAccessKey: secret },
      sha256: Sha256,
    });
    const { headers } = await signer.sign({
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
      ...(body && { body }),
    });
    return { method, headers, ...(body && { body }) };
  }

  it('lets a signed request pass, whatever is in its path and query, and says who signed', async () => {
    const events = await start([route('ANY /admin/{proxy+}', { type: 'AWS_IAM' })]);
    const path = "/admin/a%20b%2Fc'(1)!*/%D0%A7?q=%D1%87%D0%B0%D0%B9%20%26%20x&a=1&empty=";
    expect(await call(path, await signed(path))).toMatchObject({ status: 204 });
    expect(events[0]?.rawPath).toBe("/admin/a b/c'(1)!*/Ч");
    expect(events[0]?.requestContext).toMatchObject({
      authorizer: {
        iam: { accountId: '000000000000', userArn: 'arn:aws:iam::000000000000:user/local' },
      },
    });
    const post = await signed('/admin/x', { method: 'POST', body: 'a=1' });
    expect(await call('/admin/x', post)).toMatchObject({ status: 204 });
  });

  it('is 403 without a signature, with a wrong one, and for what was not signed', async () => {
    const events = await start([route('ANY /admin/{proxy+}', { type: 'AWS_IAM' })]);
    const forbidden = { status: 403, body: '{"message":"Forbidden"}' };
    expect(await call('/admin/x')).toMatchObject(forbidden);
    expect(await call('/admin/x', await signed('/admin/x', { secret: 'guess' }))).toMatchObject(
      forbidden,
    );
    expect(await call('/admin/y', await signed('/admin/x'))).toMatchObject(forbidden);
    expect(await call('/admin/x?a=1', await signed('/admin/x'))).toMatchObject(forbidden);
    const post = await signed('/admin/x', { method: 'POST', body: 'a=1' });
    expect(await call('/admin/x', { ...post, body: 'a=2' })).toMatchObject(forbidden);
    expect(events).toEqual([]);
  });
});
