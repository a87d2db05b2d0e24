import { once } from 'node:events';
import { connect, createServer as createTcpServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { AdminProxy } from '../../../cli/admin/proxy.ts';
import { call, letIn, open, PAGE, ticketOf } from './proxied.ts';

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

  it.each<[string, string, Record<string, string>]>([
    ['an image', '/admin/orders', { 'sec-fetch-dest': 'image' }],
    ['a frame', '/admin/orders', { 'sec-fetch-dest': 'iframe' }],
    ['a form', '/admin/orders', { 'sec-fetch-dest': 'document', method: 'POST' }],
    ['a link to what is no page', '/admin/api/keys', { 'sec-fetch-dest': 'document' }],
  ])('%s of another site, without the way on', async (_name, path, {
    method = 'GET',
    ...given
  }) => {
    const { proxy, events } = await open();
    const { host, cookie } = await letIn(proxy);
    const headers = { host, cookie, 'sec-fetch-site': 'cross-site', ...given };
    if (method === 'POST') Object.assign(headers, { origin: `http://${host}` });
    const { status, body } = await call(proxy, path, { method, headers });
    expect(status).toBe(403);
    expect(body).not.toContain('Go on');
    expect(events).toEqual([]);
  });

  it('a page by a host of another session, but shows the way to it through the door', async () => {
    const { proxy, events } = await open();
    const host = `admin-${'0'.repeat(32)}.localhost:${proxy.port}`;
    const { status, body } = await call(proxy, '/admin/orders?q=tea', { headers: { host } });
    expect(status).toBe(403);
    expect(body).toContain(`href="${proxy.address}admin/orders?q=tea"`);
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

/** What comes back for text that no HTTP client would send. */
async function exchange({ port }: AdminProxy, lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.end(lines.join('\r\n'));
  return text(socket);
}
