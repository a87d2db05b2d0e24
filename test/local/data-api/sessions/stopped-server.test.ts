import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CANCEL_MS, STATEMENT_MS } from '../../../../local/data-api/limits.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { type StandIn, startStandIn, target } from '../stand-in.ts';

const UNAVAILABLE = {
  name: 'DatabaseUnavailableException',
  $metadata: { httpStatusCode: 504 },
};

let standIn: StandIn;
afterEach(() => standIn.stop());

describe('a server that takes connections and says nothing, as one that is stopped', () => {
  let silent: Server;
  let connections: Socket[];

  beforeEach(async () => {
    connections = [];
    silent = createServer((socket) => connections.push(socket.on('error', () => {}).resume()));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as { port: number };
    standIn = await startStandIn({ postgres: { host: '127.0.0.1', port }, maxSessions: 1 });
  });
  afterEach(() => {
    for (const connection of connections) connection.destroy();
    silent.close();
  });

  const calls: [string, (abortSignal: AbortSignal) => Promise<unknown>][] = [
    [
      'statement',
      (abortSignal) =>
        standIn.client.executeStatement({ ...target, sql: 'SELECT 1' }, { abortSignal }),
    ],
    ['transaction', (abortSignal) => standIn.client.beginTransaction(target, { abortSignal })],
  ];

  it.each(
    calls,
  )('is unavailable after 45 seconds, for each who asks: a %s', async (_what, call) => {
    for (let round = 1; round <= 2; round++) {
      const asked = expect(call(new AbortController().signal)).rejects.toMatchObject(UNAVAILABLE);
      await eventually(() => expect(connections).toHaveLength(round));
      standIn.pass(STATEMENT_MS);
      await asked;
      await eventually(() => expect(connections.at(-1)?.closed).toBe(true));
    }
  });

  it('is unavailable after 45 seconds also for who waits in the line', async () => {
    const asked = [1, 2].map(() =>
      expect(standIn.execute('SELECT 1')).rejects.toMatchObject(UNAVAILABLE),
    );
    await eventually(() =>
      expect(standIn.clock.delays().filter((ms) => ms === STATEMENT_MS)).toHaveLength(2),
    );
    standIn.pass(STATEMENT_MS);
    await Promise.all(asked);
  });

  it.each(calls)('has a place for the next one when a caller has gone: a %s', async (...[
    ,
    call,
  ]) => {
    for (let round = 1; round <= 2; round++) {
      const caller = new AbortController();
      const left = expect(call(caller.signal)).rejects.toMatchObject({ name: 'AbortError' });
      await eventually(() => expect(connections).toHaveLength(round));
      caller.abort();
      await left;
      await eventually(() => expect(connections.at(-1)?.closed).toBe(true));
    }
  });
});

describe('a session that is stopped', () => {
  it('ends the beginning of a transaction after 45 seconds', async () => {
    standIn = await startStandIn({ maxSessions: 1 });
    const [pid] = (await standIn.column('SELECT pg_backend_pid()')) as [number];
    process.kill(pid, 'SIGSTOP');
    const begun = expect(standIn.begin()).rejects.toMatchObject({
      name: 'StatementTimeoutException',
    });
    try {
      await standIn.clock.timer(STATEMENT_MS);
      standIn.pass(STATEMENT_MS);
      await standIn.clock.timer(CANCEL_MS);
      standIn.pass(CANCEL_MS);
    } finally {
      process.kill(pid, 'SIGCONT'); // else it outlives all that would end it
    }
    await begun;
    expect(await standIn.column('SELECT 1')).toEqual([1]);
  });
});
