import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach } from 'vitest';
import { type AdminProxy, startAdminProxy } from '../../../cli/admin/proxy.ts';
import { startGateway } from '../../../local/gateway/gateway.ts';
import { httpApi, route } from '../../local/gateway/api.ts';

export const LOCAL = { accessKeyId: 'local', secretAccessKey: 'local' };

export const PAGE = {
  statusCode: 200,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
  },
  body: '<h1>Orders</h1>',
};

/** By which options a command chooses what is behind the proxy. */
export const CHOICE = `--data '/чай дня'`;

/** What a test has started, which ends with it. */
export const running: AsyncDisposable[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one[Symbol.asyncDispose]()));
});

/** The admin proxy in front of a gateway that checks signatures; each call's event is kept. */
export async function open(result: unknown = PAGE, credentials = LOCAL) {
  const events: APIGatewayProxyEventV2[] = [];
  const routes = ['GET /admin', 'GET /admin/{proxy+}', 'POST /admin/{proxy+}'];
  const gateway = await startGateway({
    api: httpApi(...routes.map((key) => route(key, { type: 'AWS_IAM' }))),
    invoke: async (_fn, event) => {
      events.push(event as APIGatewayProxyEventV2);
      return { ok: true, json: JSON.stringify(result), maxRssBytes: 0, cpuMs: 0 };
    },
  });
  running.push(gateway);
  return { ...(await openTo(gateway.endpoint, credentials)), events };
}

export async function openTo(origin: string, credentials = LOCAL) {
  const codes: string[] = [];
  const lines: string[] = [];
  const proxy = await startAdminProxy(
    { origin, region: 'us-east-1', credentials, title: 'the test', chosenBy: CHOICE },
    { onCode: (code) => codes.push(code), log: (line) => lines.push(line) },
  );
  running.push(proxy);
  return { proxy, codes, lines };
}

/** As `fetch`, which would not let `Host`, `Origin` and such be written. */
export async function call(
  proxy: AdminProxy,
  path: string,
  options: RequestOptions = {},
  body = '',
) {
  const sent = request({ host: '127.0.0.1', port: proxy.port, path, ...options });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

/** Gives the code, as the form at the door does. */
export function giveCode(
  proxy: AdminProxy,
  code: string,
  headers: Record<string, string> = {},
  path = '/',
) {
  const form = new URLSearchParams({ code }).toString();
  return call(proxy, path, { method: 'POST', headers }, form);
}

/** Where the door sends a browser that gave the right code. */
export async function ticketOf(proxy: AdminProxy, path = '/'): Promise<URL> {
  const { body } = await giveCode(proxy, proxy.code, {}, path);
  return new URL(/content="0; url=([^"]+)"/.exec(body)?.[1] ?? '');
}

/** What a browser that was let in says of itself. */
export async function letIn(proxy: AdminProxy): Promise<{ host: string; cookie: string }> {
  const { host, pathname, search } = await ticketOf(proxy);
  const { headers } = await call(proxy, pathname + search, { headers: { host } });
  return { host, cookie: headers['set-cookie']?.[0]?.split(';')[0] ?? '' };
}
