import { describe, expect, it } from 'vitest';
import { call, giveCode, letIn, open, ticketOf } from './proxied.ts';

describe('the door of the admin proxy', () => {
  it('asks for the code, and tells nothing', async () => {
    const { proxy } = await open();
    const { status, headers, body } = await call(proxy, '/');
    expect(status).toBe(200);
    expect(body).toContain('name="code"');
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

describe('the door at the address of a page', () => {
  const PAGE_ADDRESS = '/admin/orders?q=green+tea&status=paid';

  it('asks for the code, and shows that page to who gives it', async () => {
    const { proxy, events } = await open();
    const asking = await call(proxy, PAGE_ADDRESS);
    expect(asking).toMatchObject({ status: 403, body: expect.stringContaining('name="code"') });
    const { host, pathname, search } = await ticketOf(proxy, PAGE_ADDRESS);
    expect(search).not.toContain('tea');
    const { body } = await call(proxy, pathname + search, { headers: { host } });
    expect(body).toContain('content="0; url=/admin/orders?q=green+tea&amp;status=paid"');
    expect(events).toEqual([]);
  });

  it('takes a wrong code as badly as elsewhere, and the right one after it', async () => {
    const { proxy } = await open();
    expect((await giveCode(proxy, 'guess', {}, PAGE_ADDRESS)).status).toBe(403);
    expect((await giveCode(proxy, proxy.code, {}, PAGE_ADDRESS)).status).toBe(200);
  });

  it.each([
    '/api/orders/stats',
    '/admin/api/keys',
    '/admin/%61pi/keys',
    '//example.com/admin',
    '/admin/%ff',
  ])('knows no page %s', async (path) => {
    const { proxy, codes } = await open();
    const answer = await giveCode(proxy, proxy.code, {}, path);
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('Not let in') });
    expect(codes).toEqual([]);
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
