import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../../local/data-api/control/faults.ts';
import { expectRefusal, type StandIn, startStandIn, target } from '../stand-in.ts';

let standIn: StandIn;

beforeAll(async () => {
  standIn = await startStandIn();
  await standIn.pg.query('CREATE TABLE kept (id integer PRIMARY KEY)');
});
beforeEach(() => standIn.pg.query('TRUNCATE kept'));
afterEach(() => standIn.server.faults.clear());
afterAll(() => standIn.stop());

const add = (fault: Fault) => standIn.server.faults.add(fault);
const insert = () => standIn.execute('INSERT INTO kept VALUES (1)');
const kept = async () => (await standIn.pg.query('SELECT FROM kept')).rowCount;
const outcome = (call: Promise<unknown>) =>
  call.then(
    () => 'answer',
    ({ name, code }) => code ?? name,
  );

describe('without faults', () => {
  it('nothing fails', async () => {
    expect(await outcome(insert())).toBe('answer');
  });
});

describe('a fault', () => {
  it.each<[Fault, string, number]>([
    [{ kind: 'throttling' }, 'ThrottlingException', 400],
    [{ kind: 'resuming', forMs: 1 }, 'DatabaseResumingException', 400],
    [{ kind: 'statement-timeout' }, 'StatementTimeoutException', 400],
    [{ kind: 'status', status: 500 }, 'InternalServerErrorException', 500],
    [{ kind: 'status', status: 503 }, 'ServiceUnavailableError', 503],
    [{ kind: 'status', status: 504 }, 'DatabaseUnavailableException', 504],
  ])('%o answers %s and nothing runs', async (fault, name, httpStatusCode) => {
    add(fault);
    await expect(insert()).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    expect(await kept()).toBe(0);
  });

  it('cut-before ends the connection and nothing has run', async () => {
    add({ kind: 'cut-before' });
    expect(await outcome(insert())).toBe('ECONNRESET');
    expect(await kept()).toBe(0);
  });

  it('cut-after ends the connection and everything has run', async () => {
    add({ kind: 'cut-after' });
    expect(await outcome(insert())).toBe('ECONNRESET');
    expect(await kept()).toBe(1);
  });

  it('cut-after loses the answer to a commit, which nobody can ask for again', async () => {
    const transaction = await standIn.begin();
    await standIn.execute('INSERT INTO kept VALUES (1)', [], transaction);
    add({ kind: 'cut-after', operations: ['CommitTransaction'], calls: 1 });
    const commit = () => standIn.client.commitTransaction({ ...target, ...transaction });
    expect(await outcome(commit())).toBe('ECONNRESET');
    expect(await kept()).toBe(1);
    expect(await outcome(commit())).toBe('TransactionNotFoundException');
  });

  it('cut-after loses an answer that says an error too', async () => {
    add({ kind: 'cut-after' });
    expect(await outcome(standIn.execute('SELECT 1 / 0'))).toBe('ECONNRESET');
  });

  it('latency answers later, and adds to another fault', async () => {
    add({ kind: 'latency', delayMs: 250 });
    add({ kind: 'throttling' });
    const call = outcome(insert());
    await standIn.clock.timer(250);
    standIn.pass(250);
    expect(await call).toBe('ThrottlingException');
  });

  it('latency is spread between two bounds', async () => {
    const delays: number[] = [];
    const spread = { kind: 'latency', delayMs: 100, upToMs: 200 } as const;
    add(spread);
    for (let i = 0; i < 20; i++) {
      const before = standIn.server.faults.next('ExecuteStatement').before();
      delays.push(standIn.clock.delays().at(-1) ?? 0);
      standIn.clock.pass(200);
      await before;
    }
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...delays)).toBeLessThanOrEqual(200);
    expect(new Set(delays).size).toBe(20);
  });

  it('resuming lasts as long as it is told, on the calls that can meet a paused cluster', async () => {
    const transaction = await standIn.begin();
    add({ kind: 'resuming', forMs: 15_000 });
    await expectRefusal(
      insert(),
      'DatabaseResumingException',
      'The Aurora DB instance db-LOCAL is resuming after being auto-paused. Please wait a few seconds and try again.',
    );
    await standIn.client.commitTransaction({ ...target, ...transaction });
    standIn.pass(14_999);
    expect(await outcome(insert())).toBe('DatabaseResumingException');
    standIn.pass(1);
    expect(await outcome(insert())).toBe('answer');
  });
});

describe('when a fault happens', () => {
  const select = () => outcome(standIn.execute('SELECT 1'));
  const selects = async (count: number) => {
    const outcomes: string[] = [];
    for (let i = 0; i < count; i++) outcomes.push(await select());
    return outcomes;
  };

  it('is the next so many calls', async () => {
    add({ kind: 'throttling', calls: 2 });
    expect(await selects(3)).toEqual(['ThrottlingException', 'ThrottlingException', 'answer']);
    expect(standIn.server.faults.list()).toEqual([]);
  });

  it('is only on the operations that are named', async () => {
    add({ kind: 'throttling', operations: ['BeginTransaction'] });
    expect(await select()).toBe('answer');
    expect(await outcome(standIn.begin())).toBe('ThrottlingException');
  });

  it('is a probability, and the same calls fail again with the same seed', async () => {
    const { faults } = standIn.server;
    add({ kind: 'throttling', probability: 0.5 });
    faults.seed(7);
    const first = await selects(40);
    faults.seed(7);
    expect(await selects(40)).toEqual(first);
    faults.seed(8);
    expect(await selects(40)).not.toEqual(first);
    const failed = first.filter((one) => one !== 'answer').length;
    expect(failed).toBeGreaterThan(10);
    expect(failed).toBeLessThan(30);
  });

  it('is never with the probability 0, and always with 1', async () => {
    add({ kind: 'status', status: 500, probability: 0 });
    expect(await selects(3)).toEqual(['answer', 'answer', 'answer']);
    add({ kind: 'throttling', probability: 1 });
    expect(await selects(3)).toEqual(Array(3).fill('ThrottlingException'));
  });

  it('is not on a request that is refused for its signature', async () => {
    add({ kind: 'throttling', calls: 1 });
    const stranger = standIn.connect({
      credentials: { accessKeyId: 'stranger', secretAccessKey: 'local' },
    });
    const call = stranger.executeStatement({ ...target, sql: 'SELECT 1' });
    expect(await outcome(call)).toBe('UnrecognizedClientException');
    expect(await select()).toBe('ThrottlingException');
  });
});

describe("AWS's client with its own retries", () => {
  it.each<[Fault, string]>([
    [{ kind: 'throttling', calls: 2 }, 'answer'],
    [{ kind: 'status', status: 503, calls: 2 }, 'answer'],
    [{ kind: 'cut-before', calls: 2 }, 'answer'],
    [{ kind: 'throttling', calls: 3 }, 'ThrottlingException'],
    [{ kind: 'resuming', forMs: 60_000 }, 'DatabaseResumingException'],
  ])('gets through %o: %s', async (fault, result) => {
    add(fault);
    const client = standIn.connect({ maxAttempts: 3 });
    expect(await outcome(client.executeStatement({ ...target, sql: 'SELECT 1' }))).toBe(result);
    client.destroy();
  });
});
