import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type StandIn, startStandIn, target } from '../stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
});
afterEach(() => standIn.server.faults.clear());
afterAll(() => standIn.stop());

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${standIn.server.endpoint}/_control/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('the control of faults', () => {
  it.each([
    [undefined],
    [{}],
    [{ faults: [{ kind: 'fire' }] }],
    [{ faults: [{ kind: 'status', status: 404 }] }],
    [{ faults: [{ kind: 'throttling', probability: 1.5 }] }],
    [{ faults: [{ kind: 'throttling', calls: 0 }] }],
    [{ faults: [{ kind: 'throttling', operations: ['Execute'] }] }],
    [{ faults: [{ kind: 'throttling', delayMs: 5 }] }],
    [{ faults: [{ kind: 'latency' }] }],
    [{ faults: [], seed: 'seven' }],
  ])('refuses %o and keeps what it has', async (plan) => {
    standIn.server.faults.add({ kind: 'cut-after' });
    const answer = await control('PUT', 'faults', plan);
    expect(answer).toEqual({ status: 400, body: { errors: expect.anything() } });
    expect(standIn.server.faults.list()).toEqual([{ kind: 'cut-after' }]);
  });

  it('puts faults in the place of those before, tells them, and takes them away', async () => {
    standIn.server.faults.add({ kind: 'cut-after' });
    const faults = [
      { kind: 'latency', delayMs: 0, upToMs: 1, probability: 0.5 },
      { kind: 'throttling', calls: 3, operations: ['ExecuteStatement'] },
      { kind: 'resuming', forMs: 15_000 },
      { kind: 'status', status: 503 },
      { kind: 'cut-before' },
    ];
    const answer = { status: 200, body: { faults } };
    expect(await control('PUT', 'faults', { seed: 7, faults })).toEqual(answer);
    expect(await control('GET', 'faults')).toEqual(answer);
    expect(await control('DELETE', 'faults')).toEqual({ status: 200, body: { faults: [] } });
    expect(standIn.server.faults.list()).toEqual([]);
  });

  it('makes calls fail, the same ones with the same seed', async () => {
    const run = async () => {
      const faults = [{ kind: 'throttling', probability: 0.5 }];
      await control('PUT', 'faults', { seed: 3, faults });
      const calls: string[] = [];
      for (let i = 0; i < 20; i++)
        calls.push(
          await standIn.execute('SELECT 1').then(
            () => 'answer',
            ({ name }) => name,
          ),
        );
      return calls;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set(['answer', 'ThrottlingException']));
    expect(await run()).toEqual(first);
  });

  it('knows no other path', async () => {
    expect((await control('GET', 'weather')).status).toBe(404);
    expect((await control('POST', 'faults')).status).toBe(404);
  });
});

describe('the counters', () => {
  it('count calls, errors and bytes of every operation', async () => {
    await control('DELETE', 'counters');
    const { transactionId } = await standIn.begin();
    await standIn.execute('SELECT 1', [], { transactionId });
    await expect(standIn.execute('SELECT 1 / 0')).rejects.toThrow('22012');
    await standIn.client.rollbackTransaction({ ...target, transactionId });

    const { body } = await control('GET', 'counters');
    expect(body).toEqual(standIn.server.counters.read());
    expect(body).toMatchObject({
      ExecuteStatement: { calls: 2, errors: 1 },
      BatchExecuteStatement: { calls: 0, errors: 0, bytesIn: 0, bytesOut: 0 },
      BeginTransaction: { calls: 1, errors: 0 },
      CommitTransaction: { calls: 0 },
      RollbackTransaction: { calls: 1, errors: 0 },
    });
    const sent = (sql: string, more = {}) =>
      JSON.stringify({ database: standIn.database, ...target, sql, ...more }).length;
    expect(body.ExecuteStatement).toMatchObject({
      bytesIn: sent('SELECT 1', { parameters: [], transactionId }) + sent('SELECT 1 / 0'),
      bytesOut:
        '{"records":[[{"longValue":1}]],"numberOfRecordsUpdated":0}'.length +
        '{"message":"ERROR: division by zero; SQLState: 22012"}'.length,
    });
  });

  it('count a call whose answer was lost, and no bytes for it', async () => {
    standIn.server.counters.reset();
    standIn.server.faults.add({ kind: 'cut-after' });
    await expect(standIn.execute('SELECT 1')).rejects.toThrow();
    expect(standIn.server.counters.read().ExecuteStatement).toMatchObject({
      calls: 1,
      errors: 0,
      bytesOut: 0,
    });
  });
});
