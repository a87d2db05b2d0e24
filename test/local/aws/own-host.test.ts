import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Listening } from '../../../local/aws/loopback.ts';
import { listeningStandIns } from './listening.ts';

const invoked: unknown[] = [];
const invoke = async (_fn: unknown, event: unknown) => {
  invoked.push(event);
  return { ok: true, json: '{"statusCode":204}', maxRssBytes: 0, cpuMs: 0 } as const;
};
const START = listeningStandIns(invoke);
type Name = keyof typeof START;
const NAMES = Object.keys(START) as Name[];

const running = new Map<Name, Listening>();
beforeAll(async () => {
  for (const name of NAMES) running.set(name, await START[name]());
});
afterAll(async () => {
  for (const standIn of running.values()) await standIn[Symbol.asyncDispose]();
});

/** A path that the part answers without a signature, or says that it has none. */
const PATHS: Partial<Record<Name, string>> = {
  'the gateway': '/orders',
  'the Data API': '/_control/counters',
};

async function call(name: Name, options: RequestOptions = {}) {
  const { hostname, port } = new URL(running.get(name)!.endpoint);
  const sent = request({ host: hostname, port, path: PATHS[name] ?? '/', ...options });
  sent.end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: await text(answer), port };
}

describe.each(NAMES)('%s', (name) => {
  it.each([
    'rebound.example.com:PORT',
    'rebound.example.com',
    '127.0.0.1.example.com:PORT',
    'localhost.example.com:PORT',
    'user@127.0.0.1:PORT',
    '0.0.0.0:PORT',
    'x',
  ])('does not answer as %s, and says as what it does', async (host) => {
    const { port } = await call(name);
    const asked = host.replace('PORT', port);
    const { status, body } = await call(name, { headers: { host: asked } });
    expect(status).toBe(421);
    expect(JSON.parse(body)).toEqual({
      message: `This is 127.0.0.1:${port}, and answers to no other name: not to ${asked}.`,
    });
  });

  it.each([
    '127.0.0.1:PORT',
    'localhost:PORT',
    'LOCALHOST:3001',
    'shop.localhost:PORT',
    '[::1]:PORT',
    'host.docker.internal:PORT',
  ])('answers as %s', async (host) => {
    const { status, port, body } = await call(name);
    const headers = { host: host.replace('PORT', port) };
    const as = await call(name, { headers });
    expect({ status: as.status, body: as.body }).toEqual({ status, body });
    expect(as.status).not.toBe(421);
  });

  it('refuses two Host headers, alike or not', async () => {
    const { port } = await call(name);
    for (const second of [`127.0.0.1:${port}`, 'rebound.example.com']) {
      const headers = ['Host', `127.0.0.1:${port}`, 'Host', second];
      const { status, body } = await call(name, { headers });
      expect({ status, body }).toEqual({
        status: 400,
        body: '{"message":"A request names its host once."}',
      });
    }
  });

  it('takes a whole address as the request target, by the host that this names', async () => {
    const { status, body, port } = await call(name);
    const path = PATHS[name] ?? '/';
    const own = await call(name, { path: `http://127.0.0.1:${port}${path}` });
    expect({ status: own.status, body: own.body }).toEqual({ status, body });
    const other = await call(name, {
      path: `http://rebound.example.com${path}`,
      headers: { host: `127.0.0.1:${port}` },
    });
    expect(other.status).toBe(421);
  });
});

describe('the gateway', () => {
  it('hands over the path and the host of a whole address', async () => {
    invoked.length = 0;
    const { port } = await call('the gateway');
    const { status } = await call('the gateway', {
      path: `HTTP://localhost:${port}/orders?x=http://a/`,
      headers: { host: `127.0.0.1:${port}` },
    });
    expect(status).toBe(204);
    expect(invoked[1]).toMatchObject({
      rawPath: '/orders',
      rawQueryString: 'x=http://a/',
      headers: { host: `localhost:${port}` },
    });
  });
});
