import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { listeningStandIns } from './listening.ts';

const START = listeningStandIns(async () => ({ ok: true, json: '{}', maxRssBytes: 0, cpuMs: 0 }));

it.each(
  Object.entries(START),
)('%s listens no more once it is disposed of, and ends a connection that is in use', async (_, start) => {
  const standIn = await start();
  const { host, hostname, port } = new URL(standIn.endpoint);
  const client = connect(Number(port), hostname);
  client.write(
    `POST /Execute HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n`,
  );
  expect(String((await once(client, 'data'))[0])).toMatch(/^HTTP\/1.1 100 /);
  const ended = new Promise((resolve) => client.on('error', () => {}).once('close', resolve));
  await standIn[Symbol.asyncDispose]();
  await ended;
  const late = connect(Number(port), hostname);
  await expect(once(late, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
