import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type ServerResponse,
} from 'node:http';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { type Opener, startOpener } from '../../../bin/admin/opener.ts';
import { startGateway } from '../../../local/gateway/gateway.ts';
import { type Listening, listenOnLoopback } from '../../../local/loopback.ts';
import { httpApi, route } from '../../local/gateway/api.ts';

const LOCAL = { accessKeyId: 'local', secretAccessKey: 'local' };

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

/** The opener in front of a gateway that checks signatures; each call's event is kept. */
async function open(result: unknown = PAGE, credentials = LOCAL) {
  const events: APIGatewayProxyEventV2[] = [];
  const routes = ['GET /admin', 'GET /admin/{proxy+}', 'POST /admin/{proxy+}'];
  const gateway = await startGateway({
    api: httpApi(...routes.map((key) => route(key, { type: 'AWS_IAM' }))),
    invoke: async (_fn, event) => {
      events.push(event as APIGatewayProxyEventV2);
      return { ok: true, json: JSON.stringify(result), maxRssBytes: 0 };
    },
  });
  running.push({ close: gateway.stop });
  return { ...(await openTo(gateway.url, credentials)), events };
}

async function openTo(origin: string, credentials = LOCAL) {
  const links: string[] = [];
  const onLink = (link: string) => links.push(link);
  const target = { origin, region: 'us-east-1', credentials, title: 'the test' };
  const opener = await startOpener(target, { onLink });
  running.push(opener);
  return { opener, links };
}

const PAGE = {
  statusCode: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
  },
  body: '<h1>Orders</h1>',
};

/** The path of the link with its token. */
const tokenPath = (opener: Opener) => opener.link.slice(`http://127.0.0.1:${opener.port}`.length);

/** As `fetch`, which would not let `Host`, `Origin` and such be written. */
async function call(opener: Opener, path: string, options: RequestOptions = {}, body = '') {
  const sent = request({ host: '127.0.0.1', port: opener.port, path, ...options });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** The cookie that the link's first use gives. */
async function letIn(opener: Opener): Promise<string> {
  const { headers } = await call(opener, tokenPath(opener));
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

describe('the link of the opener', () => {
  it('lets in the browser that uses it first, and goes on to the admin', async () => {
    const { opener } = await open();
    const { status, headers, body } = await call(opener, tokenPath(opener));
    expect(status).toBe(200);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^admin_${opener.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
      ),
    ]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(body).toContain('content="0; url=/admin"');
  });

  it('works once, and the next one is told', async () => {
    const { opener, links } = await open();
    const used = tokenPath(opener);
    const cookie = await letIn(opener);
    expect(await call(opener, used)).toMatchObject({
      status: 403,
      body: expect.stringContaining('used already'),
    });
    expect((await call(opener, used)).headers).not.toHaveProperty('set-cookie');
    expect(await call(opener, used, { headers: { cookie } })).toMatchObject({ status: 200 }); // a reload
    expect(links).toEqual([opener.link]);
    expect(await letIn(opener)).not.toBe(cookie);
  });

  it.each(['/?token=', '/?token=guess'])('is not %s', async (path) => {
    const { opener, links } = await open();
    const { status, headers } = await call(opener, path);
    expect({ status, cookie: headers['set-cookie'] }).toEqual({ status: 403, cookie: undefined });
    expect(links).toEqual([]);
  });

  it('is not used up by what only looks', async () => {
    const { opener } = await open();
    const path = tokenPath(opener);
    expect((await call(opener, path, { method: 'HEAD' })).status).toBe(403);
    expect((await call(opener, path)).status).toBe(200);
  });
});

describe('the opener refuses', () => {
  it('every address of this machine but 127.0.0.1', async () => {
    const { opener } = await open();
    const other = { host: '127.0.0.2', headers: { host: `127.0.0.1:${opener.port}` } };
    await expect(call(opener, tokenPath(opener), other)).rejects.toThrow('ECONNREFUSED');
  });

  it.each<[string, RequestOptions]>([
    ['without a cookie', {}],
    ['with a cookie of its own making', { headers: { cookie: 'admin_PORT=guess' } }],
    ['with an empty cookie', { headers: { cookie: 'admin_PORT=' } }],
  ])('whoever comes %s', async (_name, options) => {
    const { opener, events } = await open();
    const cookie = String((options.headers as Record<string, string>)?.cookie ?? '');
    const headers = { cookie: cookie.replace('PORT', String(opener.port)) };
    const answer = await call(opener, '/admin', { headers });
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('Not let in') });
    expect(events).toEqual([]);
  });

  it.each([
    ['another name for loopback', 'localhost:PORT'],
    ['a name that was bound to loopback', 'rebound.example.com:PORT'],
    ['no port', '127.0.0.1'],
    ['another port', '127.0.0.1:1'],
  ])('as Host: %s', async (_name, host) => {
    const { opener, events } = await open();
    const cookie = await letIn(opener);
    const headers = { cookie, host: host.replace('PORT', String(opener.port)) };
    for (const path of ['/admin', tokenPath(opener)]) {
      expect(await call(opener, path, { headers })).toMatchObject({
        status: 403,
        body: expect.stringContaining('Wrong address'),
      });
    }
    expect(events).toEqual([]);
  });

  it('a whole address in the request line', async () => {
    const { opener, events } = await open();
    const cookie = await letIn(opener);
    const answer = await call(opener, 'http://example.com/admin', { headers: { cookie } });
    expect(answer).toMatchObject({ status: 403, body: expect.stringContaining('Wrong address') });
    expect(events).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { origin: 'http://example.com' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1' }],
    ['a page that tells nothing', {}],
    ['a page without an origin', { origin: 'null' }],
    ['a frame without an origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ])('a form of %s', async (_name, headers) => {
    const { opener, events } = await open();
    const cookie = await letIn(opener);
    const options = { method: 'POST', headers: { cookie, ...headers } };
    expect(await call(opener, '/admin/keys/create', options, 'label=x')).toMatchObject({
      status: 403,
      body: expect.stringContaining('From another site'),
    });
    expect(events).toEqual([]);
  });

  it.each<[string, Record<string, string>]>([
    ['another site asks', { origin: 'http://example.com' }],
    ['another port leads to', { 'sec-fetch-site': 'same-site' }],
    ['another site leads to', { 'sec-fetch-site': 'cross-site' }],
  ])('pages that %s', async (_name, headers) => {
    const { opener, events } = await open();
    const cookie = await letIn(opener);
    const { status } = await call(opener, '/admin', { headers: { cookie, ...headers } });
    expect(status).toBe(403);
    expect(events).toEqual([]);
  });

  it.each([
    '/api/orders/stats?user=x',
    '/admin/../api/orders/stats',
    '/admin/%2e%2e/api/orders/stats',
    '/adminx',
    '/admin/api/sellers/x/keys',
    '/admin//api/sellers/x/keys',
  ])('%s, which is no page of the admin', async (path) => {
    const { opener, events } = await open();
    const cookie = await letIn(opener);
    expect((await call(opener, path, { headers: { cookie } })).status).toBe(404);
    expect(events).toEqual([]);
  });

  it('methods that no page uses, and forms that are too large', async () => {
    const { opener, events } = await open();
    const headers = { cookie: await letIn(opener), origin: `http://127.0.0.1:${opener.port}` };
    expect((await call(opener, '/admin/x', { method: 'DELETE', headers })).status).toBe(405);
    const large = await call(opener, '/admin/x', { method: 'POST', headers }, 'x'.repeat(65_537));
    expect(large.status).toBe(413);
    expect(events).toEqual([]);
  });
});

describe('the opener passes on', () => {
  it('what a page asks for, signed, whatever is in its path and query, without the cookie', async () => {
    const { opener, events } = await open();
    const headers = { cookie: await letIn(opener), 'accept-language': 'ru', 'x-other': 'x' };
    const path =
      "/admin//orders/a%20b%2Fc'(1)!*~/%D0%A7?q=%D1%87%D0%B0%D0%B9+%26%20x%2B&q=2&empty=";
    const answer = await call(opener, path, { headers });
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
    ['with its origin', { origin: 'http://127.0.0.1:PORT', 'sec-fetch-site': 'same-origin' }],
    ['of a page that sends no referrer', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
  ])('a form %s, signed', async (_name, headers) => {
    const { opener, events } = await open();
    const body = 'label=%D0%A7%D0%B0%D0%B9+a&scopes=orders%3Awrite';
    const answer = await call(
      opener,
      '/admin/keys/create',
      {
        method: 'POST',
        headers: {
          ...headers,
          origin: headers.origin?.replace('PORT', String(opener.port)),
          cookie: await letIn(opener),
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
    const { opener } = await open({
      statusCode: 302,
      headers: { ...PAGE.headers, 'content-encoding': 'gzip', location: '/admin/orders' },
      cookies: ['other=1'],
      body: page.toString('base64'),
      isBase64Encoded: true,
    });
    const headers = { cookie: await letIn(opener) };
    const answer = await call(opener, '/admin', { headers });
    expect(answer.status).toBe(302);
    expect(answer.headers).toMatchObject({
      'content-security-policy': "default-src 'none'",
      'content-encoding': 'gzip',
      'content-length': String(page.length),
      location: '/admin/orders',
    });
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });

  it('an answer while it comes', async () => {
    const { opener, answering } = await openToSlowService();
    const sent = request({
      ...{ host: '127.0.0.1', port: opener.port, path: '/admin' },
      headers: { cookie: await letIn(opener) },
    });
    sent.end();
    const service = await answering;
    service.write('the first');
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const [first] = await once(answer, 'data');
    expect(String(first)).toBe('the first');
    service.end(' and the last');
    expect(await text(answer)).toBe(' and the last');
  });

  it('that the browser has gone', async () => {
    const { opener, answering } = await openToSlowService();
    const sent = request({
      ...{ host: '127.0.0.1', port: opener.port, path: '/admin' },
      headers: { cookie: await letIn(opener) },
    });
    sent.on('error', () => {}).end();
    const service = await answering;
    service.write('the first');
    await once(sent, 'response');
    sent.destroy();
    await once(service, 'close');
  });
});

describe('the opener says', () => {
  it('that AWS does not let the credentials in', async () => {
    const { opener } = await open(PAGE, { ...LOCAL, secretAccessKey: 'guess' });
    const answer = await call(opener, '/admin', { headers: { cookie: await letIn(opener) } });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain('It says: Forbidden');
    expect(answer.body).toContain('AdminPolicy');
  });

  it('that nothing answers', async () => {
    const { port, url, close } = await listenOnLoopback(createServer(), 0);
    await close();
    const { opener } = await openTo(url);
    const answer = await call(opener, '/admin', { headers: { cookie: await letIn(opener) } });
    expect(answer.status).toBe(502);
    expect(answer.body).toContain(`Nothing answers at http://127.0.0.1:${port}.`);
  });

  it('that a path is no text', async () => {
    const { opener } = await open();
    const answer = await call(opener, '/admin/%ff', { headers: { cookie: await letIn(opener) } });
    expect(answer).toMatchObject({ status: 400 });
  });
});

/** The opener in front of a service whose answer is the test's to write. */
async function openToSlowService() {
  const answering = Promise.withResolvers<ServerResponse>();
  const service: Listening = await listenOnLoopback(
    createServer((_message, response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      answering.resolve(response);
    }),
    0,
  );
  running.push(service);
  return { ...(await openTo(service.url)), answering: answering.promise };
}
