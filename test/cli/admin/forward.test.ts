import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { CHOSEN_BY } from '../../../functions/shared/pages/chosen-by.ts';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';
import { CHOICE, call, LOCAL, letIn, open, openTo, PAGE, running } from './proxied.ts';

describe('the admin proxy passes on', () => {
  it('what a page asks for, signed, whatever is in its path and query, without the cookie', async () => {
    const { proxy, events } = await open();
    const headers = {
      ...(await letIn(proxy)),
      'accept-language': 'ru',
      'x-other': 'x',
      [CHOSEN_BY]: 'x',
    };
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
    const chosenBy = encodeURIComponent(CHOICE);
    expect(events[0]?.headers).toMatchObject({ 'accept-language': 'ru', [CHOSEN_BY]: chosenBy });
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
  it.each([
    ['GET', '/admin', 'AdminPolicy'],
    ['GET', '/admin/actions/orders/1/delete', 'AdminPolicy'],
    ['POST', '/admin/keys/create', 'KeysPolicy'],
    ['POST', '/admin/actions/orders/1/delete', 'ActionsPolicy'],
    ['POST', '/admin/erase-seller', 'SellersPolicy'],
  ])('that AWS does not let the credentials %s %s, and which policy does', async (method, path, policy) => {
    const { proxy } = await open(PAGE, { ...LOCAL, secretAccessKey: 'guess' });
    const { host, cookie } = await letIn(proxy);
    const headers = { host, cookie, origin: `http://${host}` };
    const answer = await call(proxy, path, { method, headers });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('It says: Forbidden');
    expect(answer.body.match(/\w+Policy/g)).toEqual([policy]);
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

  it.each([
    ['ended', (service: ServerResponse) => service.destroy()],
    ['was reset', (service: ServerResponse) => service.socket?.resetAndDestroy()],
  ] as const)('in the terminal that an answer broke off as its connection %s', async (_, breakOff) => {
    const { proxy, lines, answering } = await openToSlowService();
    const answer = call(proxy, '/admin', { headers: await letIn(proxy) });
    const broken = expect(answer).rejects.toThrow('aborted');
    const { service } = await answering;
    await begin(service, 'the first');
    breakOff(service);
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
