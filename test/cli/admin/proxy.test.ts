import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AdminProxy } from '../../../cli/admin/proxy.ts';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';
import { call, giveCode, LOCAL, letIn, open, openTo, PAGE, running, ticketOf } from './proxied.ts';

describe('the door of the admin proxy', () => {
  it('asks for the code, and tells nothing', async () => {
    const { proxy } = await open();
    const { status, headers, body } = await call(proxy, '/');
    expect(status).toBe(200);
    expect(body).toContain('<input name="code"');
    expect(body).not.toContain(proxy.code);
    expect(headers).not.toHaveProperty('set-cookie');
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
      'cache-control': 'no-store',
    });
    expect(await call(proxy, '/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it('sends who gives the code to a host that nobody else knows, where a cookie lets in', async () => {
    const { proxy } = await open();
    const { host, pathname, search } = await ticketOf(proxy);
    expect(host).toMatch(new RegExp(`^admin-[0-9a-f]{32}\\.localhost:${proxy.port}$`));
    const path = pathname + search;
    const { status, headers, body } = await call(proxy, path, { headers: { host } });
    expect(status).toBe(200);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(/^admin=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Strict$/),
    ]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(body).toContain('content="0; url=/admin"');
  });

  it('takes a code once, and the next one is told', async () => {
    const { proxy, codes } = await open();
    const used = proxy.code;
    const first = await letIn(proxy);
    expect(await giveCode(proxy, used)).toMatchObject({
      status: 403,
      body: expect.stringContaining('used already'),
    });
    expect(codes).toEqual([proxy.code]);
    const second = await letIn(proxy);
    expect(second.host).not.toBe(first.host);
    expect(await call(proxy, '/admin', { headers: first })).toMatchObject({ status: 200 });
  });

  it('takes a code with the white space around it that came along', async () => {
    const { proxy } = await open();
    expect((await giveCode(proxy, ` ${proxy.code}\n`)).status).toBe(200);
  });

  it.each(['', 'guess', 'x'.repeat(100_000)])('does not take %.10s', async (code) => {
    const { proxy, codes } = await open();
    expect((await giveCode(proxy, code)).status).toBe(403);
    expect(codes).toEqual([]);
  });

  it('takes no code from another site, in an address, or by another method', async () => {
    const { proxy, codes } = await open();
    const { code } = proxy;
    const { status } = await giveCode(proxy, code, { origin: 'http://example.com' });
    const inAddress = await call(proxy, `/?code=${code}&token=${code}`);
    const put = await call(proxy, '/', { method: 'PUT' }, `code=${code}`);
    expect([status, put.status, inAddress.headers['set-cookie']]).toEqual([403, 405, undefined]);
    expect(codes).toEqual([]);
  });

  it.each(['null', 'file://'])('takes it from a page in a file: Origin: %s', async (origin) => {
    const { proxy } = await open();
    expect((await giveCode(proxy, proxy.code, { origin })).status).toBe(200);
  });
});

describe('the ticket that the door gives', () => {
  it('works once, but for a reload', async () => {
    const { proxy } = await open();
    const { host, pathname, search } = await ticketOf(proxy);
    const path = pathname + search;
    const { headers } = await call(proxy, path, { headers: { host } });
    const again = await call(proxy, path, { headers: { host } });
    expect(again).toMatchObject({ status: 403, body: expect.stringContaining('Not let in') });
    expect(again.headers).not.toHaveProperty('set-cookie');
    const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect(await call(proxy, path, { headers: { host, cookie } })).toMatchObject({ status: 200 });
  });

  it('is not used up by what only looks, nor by a guess', async () => {
    const { proxy } = await open();
    const { host, pathname, search } = await ticketOf(proxy);
    const headers = { host };
    for (const [path, method] of [
      [pathname + search, 'HEAD'],
      ['/?ticket=', 'GET'],
      ['/?ticket=guess', 'GET'],
    ] as const) {
      expect((await call(proxy, path, { method, headers })).status).toBe(403);
    }
    expect((await call(proxy, pathname + search, { headers })).status).toBe(200);
  });

  it('is of no use at the door, nor at the host of another session', async () => {
    const { proxy } = await open();
    const { search } = await ticketOf(proxy);
    const { host } = await ticketOf(proxy);
    for (const headers of [{}, { host }]) {
      const answer = await call(proxy, `/${search}`, { headers });
      expect(answer.headers).not.toHaveProperty('set-cookie');
    }
  });
});

describe('the admin proxy refuses', () => {
  it('every address of this machine but the two of loopback, which nobody else can take', async () => {
    const { proxy } = await open();
    const other = { host: '127.0.0.2', headers: { host: `127.0.0.1:${proxy.port}` } };
    await expect(call(proxy, '/', other)).rejects.toThrow('ECONNREFUSED');
    for (const host of ['127.0.0.1', '::1']) {
      const squatter = createTcpServer();
      squatter.listen(proxy.port, host);
      // In use by the admin proxy, or no address of this machine.
      await expect(once(squatter, 'listening')).rejects.toThrow(/EADDRINUSE|EADDRNOTAVAIL/);
    }
  });

  it.each([
    ['without a cookie', ''],
    ['with a cookie of its own making', 'admin=guess'],
    ['with an empty cookie', 'admin='],
  ])('whoever comes %s', async (_name, cookie) => {
    const { proxy, events } = await open();
    const { host } = await letIn(proxy);
    const unused = await ticketOf(proxy);
    for (const at of [host, unused.host, `127.0.0.1:${proxy.port}`]) {
      const answer = await call(proxy, '/admin', { headers: { host: at, cookie } });
      expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('Not let in') });
    }
    expect(events).toEqual([]);
  });

  it('a cookie at any host but the one that it is of', async () => {
    const { proxy, events } = await open();
    const { cookie } = await letIn(proxy);
    const other = await letIn(proxy);
    for (const host of [other.host, `127.0.0.1:${proxy.port}`]) {
      expect((await call(proxy, '/admin', { headers: { host, cookie } })).status).toBe(403);
    }
    expect(events).toEqual([]);
  });

  it.each([
    ['another name for loopback', 'localhost:PORT'],
    ['another name below localhost', 'admin.localhost:PORT'],
    ['a name that was bound to loopback', 'rebound.example.com:PORT'],
    ['no port', '127.0.0.1'],
    ['another port', '127.0.0.1:1'],
  ])('as Host: %s', async (_name, name) => {
    const { proxy, events } = await open();
    const { cookie } = await letIn(proxy);
    const headers = { cookie, host: name.replace('PORT', String(proxy.port)) };
    for (const path of ['/', '/admin', '/?ticket=x']) {
      expect(await call(proxy, path, { headers })).toMatchObject({
        status: 403,
        body: expect.stringContaining('Wrong address'),
      });
    }
    expect(events).toEqual([]);
  });

  it('a whole address in the request line that is not its own, and takes one that is', async () => {
    const { proxy, events } = await open();
    const headers = await letIn(proxy);
    const other = await call(proxy, 'http://example.com/admin', { headers });
    expect(other).toMatchObject({ status: 403, body: expect.stringContaining('Wrong address') });
    expect(events).toEqual([]);
    const own = await call(proxy, `http://${headers.host}/admin`, { headers });
    expect(own).toMatchObject({ status: 200, body: PAGE.body });
  });

  it('two Host headers, alike or not', async () => {
    const { proxy, events } = await open();
    const { host, cookie } = await letIn(proxy);
    for (const second of [host, 'example.com']) {
      const headers = ['Host', host, 'Host', second, 'Cookie', cookie];
      expect((await call(proxy, '/admin', { headers })).status).toBe(400);
    }
    expect(events).toEqual([]);
  });

  it.each([
    '*',
    '/admin#/orders',
    'ftp://example.com/',
    'admin',
  ])('%s, which is no address', async (path) => {
    const { proxy, events } = await open();
    const headers = await letIn(proxy);
    expect((await call(proxy, path, { method: 'OPTIONS', headers })).status).toBe(400);
    expect(events).toEqual([]);
  });

  it('a body of two lengths', async () => {
    const { proxy, events } = await open();
    const { host, cookie } = await letIn(proxy);
    const answer = await exchange(proxy, [
      'POST /admin/keys/create HTTP/1.1',
      `Host: ${host}`,
      `Cookie: ${cookie}`,
      `Origin: http://${host}`,
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      '',
      '0\r\n\r\nGET /admin HTTP/1.1',
      `Host: ${host}\r\n\r\n`,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 [\s\S]*Connection: close\r\n\r\n$/);
    expect(events).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'http://example.com' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['the door', { origin: 'http://127.0.0.1:PORT' }],
    ['a page that tells nothing', {}],
    ['a page without an origin', { origin: 'null' }],
    ['a frame without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ])('a form of %s', async (_name, given) => {
    const { proxy, events } = await open();
    const headers: Record<string, string> = { ...given, ...(await letIn(proxy)) };
    if (given.origin) headers.origin = given.origin.replace('PORT', String(proxy.port));
    const options = { method: 'POST', headers };
    expect(await call(proxy, '/admin/keys/create', options, 'label=x')).toMatchObject({
      status: 403,
      body: expect.stringContaining('From another site'),
    });
    expect(events).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['another site asks', { origin: 'http://example.com' }],
    ['another port leads to', { 'sec-fetch-site': 'same-site' }],
    ['another site leads to', { 'sec-fetch-site': 'cross-site' }],
  ])('pages that %s', async (_name, given) => {
    const { proxy, events } = await open();
    const headers = { ...(await letIn(proxy)), ...given };
    const { status } = await call(proxy, '/admin', { headers });
    expect(status).toBe(403);
    expect(events).toEqual([]);
  });

  it.each([
    '/api/orders/stats?user=x',
    '/admin/../api/orders/stats',
    '/admin/%2e%2e/api/orders/stats',
    '/admin/%2E./api/orders/stats',
    '/admin/x/../../api/orders/stats',
    '/admin%2f..%2fapi/orders/stats',
    '/admin/%252e%252e/api/orders/stats',
    '/admin/orders/..',
    '/admin/./orders',
    '/admin\\..\\api/orders/stats',
    '/admin/x%5c..%5c..%5capi',
    '/adminx',
    '/ADMIN/orders',
    '//example.com/admin',
    '/admin/api/sellers/x/keys',
    '/admin//api/sellers/x/keys',
    '/admin/%61pi/keys',
    '/admin/a%70%69/keys',
    '/admin/api%2fkeys',
    '/admin%2Fapi/keys',
    '/%61dmin/api/keys',
    '/admin/%2561pi/keys',
    '/admin/%252561pi/keys',
    '/admin/api%252fkeys',
    '/admin/%2fapi/keys',
    '/admin/API/keys',
    '/admin/api%3f/keys',
    '/admin/orders/what%3f',
    '/admin/orders/%00',
    '/admin/orders/a%0d%0ab',
    '/admin/api%00/keys',
  ])('%s, which is no page of the admin', async (path) => {
    const { proxy, events } = await open();
    const { host, cookie } = await letIn(proxy);
    for (const method of ['GET', 'POST']) {
      const headers = { host, cookie, ...(method === 'POST' && { origin: `http://${host}` }) };
      expect((await call(proxy, path, { method, headers })).status).toBe(404);
    }
    expect(events).toEqual([]);
  });

  it('methods that no page uses, and forms that are too large', async () => {
    const { proxy, events } = await open();
    const { host, cookie } = await letIn(proxy);
    const headers = { host, cookie, origin: `http://${host}` };
    for (const method of ['DELETE', 'PUT', 'OPTIONS', 'TRACE', 'PROPFIND']) {
      expect((await call(proxy, '/admin/x', { method, headers })).status).toBe(405);
    }
    const large = await call(proxy, '/admin/x', { method: 'POST', headers }, 'x'.repeat(65_537));
    expect(large.status).toBe(413);
    const unknown = await exchange(proxy, [`BREW /admin HTTP/1.1\r\nHost: ${host}\r\n\r\n`]);
    expect(unknown).toMatch(/^HTTP\/1\.1 400 /);
    expect(events).toEqual([]);
  });
});

describe('the admin proxy passes on', () => {
  it('what a page asks for, signed, whatever is in its path and query, without the cookie', async () => {
    const { proxy, events } = await open();
    const headers = { ...(await letIn(proxy)), 'accept-language': 'ru', 'x-other': 'x' };
    const path =
      "/admin//orders/a%20b%2Fc'(1)!*~/%D0%A7?q=%D1%87%D0%B0%D0%B9+%26%20x%2B&q=2&empty=";
    const answer = await call(proxy, path, { headers });
    expect(answer).toMatchObject({ status: 200, body: '<h1>Orders</h1>' });
    expect(events[0]?.rawPath).toBe("/admin/orders/a b/c'(1)!*~/Ч");
    expect([...new URLSearchParams(events[0]?.rawQueryString)]).toEqual([
      ['q', 'чай & x+'],
      ['q', '2'],
      ['empty', ''],
    ]);
    expect(events[0]).not.toHaveProperty('cookies');
    expect(events[0]?.headers).toMatchObject({ 'accept-language': 'ru' });
    expect(events[0]?.headers).not.toHaveProperty('x-other');
  });

  it.each<[string, Record<string, string>]>([
    ['with its origin', { origin: 'http://HOST', 'sec-fetch-site': 'same-origin' }],
    ['of a page that sends no referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ])('a form %s, signed', async (_name, headers) => {
    const { proxy, events } = await open();
    const body = 'label=%D0%A7%D0%B0%D0%B9+a&scopes=orders%3Awrite';
    const { host, cookie } = await letIn(proxy);
    const answer = await call(
      proxy,
      '/admin/keys/create',
      {
        method: 'POST',
        headers: {
          ...headers,
          origin: headers.origin?.replace('HOST', host),
          host,
          cookie,
          'content-type': 'application/x-www-form-urlencoded',
        },
      },
      body,
    );
    expect(answer.status).toBe(200);
    expect(Buffer.from(events[0]?.body ?? '', 'base64').toString()).toBe(body);
    expect(events[0]?.headers).toMatchObject({ 'sec-fetch-site': 'same-origin' });
  });

  it('the answer as it is: headers, compression and redirects', async () => {
    const page = gzipSync('<h1>Orders</h1>');
    const { proxy } = await open({
      statusCode: 302,
      headers: { ...PAGE.headers, 'content-encoding': 'gzip', location: '/admin/orders' },
      cookies: ['other=1'],
      body: page.toString('base64'),
      isBase64Encoded: true,
    });
    const headers = await letIn(proxy);
    const answer = await call(proxy, '/admin', { headers });
    expect(answer.status).toBe(302);
    expect(answer.headers).toMatchObject({
      'content-security-policy': "default-src 'none'",
      'content-encoding': 'gzip',
      'content-length': String(page.length),
      location: '/admin/orders',
    });
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it('no header that Connection names, in either way', async () => {
    const { proxy, answering } = await openToSlowService();
    const headers = await letIn(proxy);
    const answer = call(proxy, '/admin', {
      headers: { ...headers, connection: 'close, Accept-Language', 'accept-language': 'ru' },
    });
    const { service, asked } = await answering;
    service.setHeader('connection', 'close, X-Internal');
    service.setHeader('x-internal', '1');
    service.end('<h1>Orders</h1>');
    expect(asked.headers).not.toHaveProperty('accept-language');
    expect((await answer).headers).not.toHaveProperty('x-internal');
  });

  it.each([
    '/admin',
    '/admin/orders',
  ])('HEAD of %s as GET, and answers it without the body', async (path) => {
    const { proxy, events } = await open();
    const headers = await letIn(proxy);
    const answer = await call(proxy, path, { method: 'HEAD', headers });
    expect(answer).toMatchObject({ status: 200, body: '' });
    expect(answer.headers).toMatchObject({ 'content-length': String(PAGE.body.length) });
    expect(events.map(({ routeKey }) => routeKey)).toEqual([
      path === '/admin' ? 'GET /admin' : 'GET /admin/{proxy+}',
    ]);
  });

  it('an answer while it comes', async () => {
    const { proxy, answering } = await openToSlowService();
    const sent = request({
      ...{ host: '127.0.0.1', port: proxy.port, path: '/admin' },
      headers: await letIn(proxy),
    });
    sent.end();
    const { service } = await answering;
    await begin(service, 'the first');
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const [first] = await once(answer, 'data');
    expect(String(first)).toBe('the first');
    service.end(' and the last');
    expect(await text(answer)).toBe(' and the last');
  });

  it('that the browser has gone', async () => {
    const { proxy, lines, answering } = await openToSlowService();
    const sent = request({
      ...{ host: '127.0.0.1', port: proxy.port, path: '/admin' },
      headers: await letIn(proxy),
    });
    sent.on('error', () => {}).end();
    const { service } = await answering;
    await begin(service, 'the first');
    await once(sent, 'response');
    sent.destroy();
    await once(service, 'close');
    await call(proxy, '/'); // by then the admin proxy has heard of it
    expect(lines).toEqual([]);
  });

  it('that a page is not waited for any more, so that it need not be made', async () => {
    const { proxy, lines, answering } = await openToSlowService();
    const headers = await letIn(proxy);
    const sent = request({ host: '127.0.0.1', port: proxy.port, path: '/admin', headers });
    sent.on('error', () => {}).end();
    const { service } = await answering;
    const unasked = once(service, 'close');
    sent.destroy();
    await unasked;
    await call(proxy, '/'); // by then the admin proxy has heard of it
    expect(lines).toEqual([]);
  });
});

describe('the admin proxy says', () => {
  it('that AWS does not let the credentials in', async () => {
    const { proxy } = await open(PAGE, { ...LOCAL, secretAccessKey: 'guess' });
    const answer = await call(proxy, '/admin', { headers: await letIn(proxy) });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('It says: Forbidden');
    expect(answer.body).toContain('AdminPolicy');
  });

  it('that nothing answers', async () => {
    const gone = await listenOnLoopback(createServer(), 0);
    await gone[Symbol.asyncDispose]();
    const { proxy } = await openTo(gone.endpoint);
    const answer = await call(proxy, '/admin', { headers: await letIn(proxy) });
    expect(answer.status).toBe(502);
    expect(answer.body).toContain(`Nothing answers at ${gone.endpoint}.`);
  });

  it('what API Gateway answers in words of its own, whatever they are', async () => {
    const { proxy, answering } = await openToSlowService();
    const answer = call(proxy, '/admin', { headers: await letIn(proxy) });
    const { service } = await answering;
    service.writeHead(500, { 'content-type': 'application/json' }).end('no JSON');
    expect(await answer).toMatchObject({
      status: 500,
      body: expect.stringContaining('AWS answered 500'),
    });
  });

  it('in the terminal that an answer broke off', async () => {
    const { proxy, lines, answering } = await openToSlowService();
    const answer = call(proxy, '/admin', { headers: await letIn(proxy) });
    const broken = expect(answer).rejects.toThrow('aborted');
    const { service } = await answering;
    await begin(service, 'the first');
    service.destroy();
    await broken;
    await expect
      .poll(() => lines)
      .toEqual([expect.stringMatching(/^The admin proxy failed: Error: aborted/)]);
  });

  it('in the terminal what went wrong with a form while nobody waits any more', async () => {
    const { proxy, lines, answering } = await openToSlowService();
    const { port } = proxy;
    const { host, cookie } = await letIn(proxy);
    const headers = { host, cookie, origin: `http://${host}` };
    const method = 'POST';
    const sent = request({ host: '127.0.0.1', port, path: '/admin/keys/new', method, headers });
    const gone = new Promise((resolve) => sent.on('error', () => {}).once('close', resolve));
    sent.end();
    const { service } = await answering;
    sent.destroy();
    await gone;
    await call(proxy, '/'); // by then the admin proxy has heard of it
    service.destroy();
    await expect.poll(() => lines).toEqual([expect.stringContaining('socket hang up')]);
  });

  it('that something went wrong, and what in the terminal', async () => {
    const service = createTcpServer((socket) => {
      socket.end('HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n');
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    running.push({ [Symbol.asyncDispose]: async () => void service.close() });
    const { port } = service.address() as AddressInfo;
    const { proxy, lines } = await openTo(`http://127.0.0.1:${port}`);
    const answer = await call(proxy, '/admin', { headers: await letIn(proxy) });
    expect(answer).toMatchObject({ status: 502, body: expect.stringContaining('The terminal') });
    expect(lines).toEqual([expect.stringContaining('Invalid status code')]);
  });

  it('that a path is no text', async () => {
    const { proxy } = await open();
    const answer = await call(proxy, '/admin/%ff', { headers: await letIn(proxy) });
    expect(answer).toMatchObject({ status: 400 });
  });
});

/** What comes back for text that no HTTP client would send. */
async function exchange({ port }: AdminProxy, lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(lines.join('\r\n'));
  return text(socket);
}

/** The admin proxy in front of a service whose answer is the test's to write. */
async function openToSlowService() {
  const answering = Promise.withResolvers<{ asked: IncomingMessage; service: ServerResponse }>();
  const slow = await listenOnLoopback(
    createServer((asked, service) => answering.resolve({ asked, service })),
    0,
  );
  running.push(slow);
  return { ...(await openTo(slow.endpoint)), answering: answering.promise };
}

/** Sends the head of an answer and its first words. */
function begin(service: ServerResponse, words: string): Promise<void> {
  service.writeHead(200, { 'content-type': 'text/html' });
  return new Promise((resolve) => service.write(words, () => resolve()));
}
