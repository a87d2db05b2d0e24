import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { startOnUsualPort } from '../../../cli/admin/usual-port.ts';
import { listenOnLoopback } from '../../../local/aws/loopback.ts';
import { LOCAL, running } from './proxied.ts';

it('takes another port where the usual one is taken, and says so', async () => {
  const other = await listenOnLoopback(createServer(), 0);
  running.push(other);
  const said: string[] = [];
  const target = {
    origin: 'http://127.0.0.1:1',
    region: 'us-east-1',
    credentials: LOCAL,
    title: 'the test',
  };
  const proxy = await startOnUsualPort(target, { say: (line) => said.push(line) }, other.port);
  running.push(proxy);
  expect(said).toEqual([
    `Port ${other.port} is taken, perhaps by another npm run admin: this one is on ${proxy.port}.
A link to ${other.port} opens here by: npm run admin -- --open 'LINK'`,
  ]);
  expect((await fetch(proxy.address)).status).toBe(200);
});
