import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { LocalFunction } from '../../../local/cloud-assembly/model.ts';
import { type LambdaPool, type PoolOptions, startLambdaPool } from '../../../local/lambda/pool.ts';
import { eventually } from '../../helpers/eventually.ts';
import { TestClock } from '../../helpers/test-clock.ts';
import { fn } from '../gateway/api.ts';

const pools: LambdaPool[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool[Symbol.asyncDispose]()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function start(fields: Partial<LocalFunction> = {}, options: PoolOptions = {}): LambdaPool {
  const codeDir = join(import.meta.dirname, '../../fixtures/functions/example');
  const pool = startLambdaPool({ ...fn('example'), codeDir, ...fields }, options);
  pools.push(pool);
  return pool;
}

async function result(pool: LambdaPool, event: unknown) {
  const invocation = await pool.invoke(event);
  if (!invocation.ok) throw new Error(invocation.error.errorMessage);
  return JSON.parse(invocation.json);
}

async function failure(pool: LambdaPool, event: unknown) {
  const invocation = await pool.invoke(event);
  if (invocation.ok) throw new Error(`It answered ${invocation.json}`);
  return { ...invocation.error, trace: undefined, timedOut: invocation.timedOut };
}

/** An event whose requests run until they are told to end, and what says how many have begun. */
function holdUntilTold() {
  const folder = mkdtempSync(join(tmpdir(), 'order-analytics-lambda-'));
  folders.push(folder);
  const event = { do: 'wait for a file', file: join(folder, 'go') };
  const begun: string[] = [];
  return {
    event,
    log: (line: string) => begun.push(line),
    running: (count: number) => eventually(() => expect(begun).toHaveLength(count)),
    tell: () => writeFileSync(event.file, ''),
  };
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('startLambdaPool', () => {
  it('runs the function in one process again and again, with the context and variables of Lambda', async () => {
    const pool = start(
      { environment: { OWN: 'of the template' }, memorySizeMb: 512 },
      { extraEnvironment: { AWS_ENDPOINT_URL_RDS_DATA: 'http://127.0.0.1:1' } },
    );
    const first = await result(pool, { name: 'Чай' });
    const second = await result(pool, {});
    expect(first).toMatchObject({ event: { name: 'Чай' }, invocations: 1, memory: '512' });
    expect(second).toMatchObject({ pid: first.pid, invocations: 2 });
    expect(first.pid).not.toBe(process.pid);
    expect(second.requestId).not.toBe(first.requestId);
    expect(first.remainingMs).toBeGreaterThan(20_000);
    expect(first.remainingMs).toBeLessThanOrEqual(29_000);
    expect(first.environment).toMatchObject({
      OWN: 'of the template',
      AWS_ENDPOINT_URL_RDS_DATA: 'http://127.0.0.1:1',
      AWS_LAMBDA_FUNCTION_NAME: 'example',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_REGION: 'us-east-1',
    });
    expect(first.environment).not.toHaveProperty('PATH'); // nothing of this machine
    expect(first.environment).not.toHaveProperty('NODE_COMPILE_CACHE');
  });

  it('says what the process has used of memory and, so far, of CPU time', async () => {
    const pool = start();
    const first = await pool.invoke({});
    const second = await pool.invoke({ do: 'work', ms: 100 });
    if (!first.ok || !second.ok) throw new Error('The function failed.');
    expect(first.maxRssBytes).toBeGreaterThan(2 ** 24);
    expect(second.cpuMs - first.cpuMs).toBeGreaterThan(50);
  });

  it('starts another process while one is busy, up to its cap, and lets the rest wait', async () => {
    const hold = holdUntilTold();
    const pool = start({}, { maxProcesses: 2, log: hold.log });
    const answers = [1, 2, 3].map(() => result(pool, hold.event));
    await hold.running(2);
    hold.tell();
    const pids = (await Promise.all(answers)).map(({ pid }) => pid);
    expect(new Set(pids).size).toBe(2);
    await hold.running(3); // a line may come after the answer
  });

  it.each<[string, object, object]>([
    ['throws', { do: 'throw' }, { errorType: 'RangeError', errorMessage: 'out of range' }],
    [
      'rejects with text',
      { do: 'reject with text' },
      { errorType: 'string', errorMessage: 'just text' },
    ],
    [
      'exits',
      { do: 'exit' },
      { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with exit status: 3' },
    ],
    [
      'answers more than 6 MB',
      { do: 'fill', bytes: 6 * 1024 * 1024 },
      { errorType: 'Function.ResponseSizeTooLarge' },
    ],
    [
      'is asked with more than 6 MB',
      { padding: 'x'.repeat(6 * 1024 * 1024) },
      { errorType: 'RequestTooLargeException' },
    ],
  ])('says what went wrong for that request alone: it %s', async (_what, event, error) => {
    const pool = start();
    const [wrong, right] = await Promise.all([failure(pool, event), result(pool, {})]);
    expect(wrong).toMatchObject(error);
    expect(right.event).toEqual({});
    expect(await result(pool, {})).toMatchObject({ event: {} });
  });

  it.each(['hang', 'busy loop'])('kills a function that is out of time: %s', async (what) => {
    const pool = start({ timeoutSeconds: 1 });
    const { pid } = await result(pool, {});
    expect(await failure(pool, { do: what })).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 1.00 seconds'),
      timedOut: true,
    });
    await eventually(() => expect(isAlive(pid)).toBe(false));
    expect((await result(pool, {})).pid).not.toBe(pid);
  });

  it('kills a function that is not loaded 10 seconds and its own time after it was asked', async () => {
    const clock = new TestClock();
    const codeDir = join(import.meta.dirname, '../../fixtures/functions/never-loaded');
    const pool = start({ codeDir, timeoutSeconds: 1 }, { clock });
    for (let i = 0; i < 2; i++) {
      const failed = failure(pool, {});
      await clock.timer(11_000);
      clock.pass(11_000);
      expect(await failed).toMatchObject({ errorType: 'Sandbox.Timedout', timedOut: true });
    }
  });

  it.each([
    ['index.missing', 'index.missing is undefined or not exported'],
    ['index.notAFunction', 'index.notAFunction is undefined or not exported'],
    ['nothing.handler', 'nothing.mjs'],
  ])('fails each request when there is no handler %s', async (handler, message) => {
    const pool = start({ handler });
    for (let i = 0; i < 2; i++) {
      expect((await failure(pool, {})).errorMessage).toContain(message);
    }
  });

  it('passes on what the function prints', async () => {
    const lines: string[] = [];
    const pool = start({}, { log: (line) => lines.push(line) });
    await result(pool, { do: 'log' });
    await eventually(() => expect(lines.toSorted()).toEqual(['a line', 'another line']));
  });

  it('passes on a line as one, whatever separators are in it, and the last one without an end', async () => {
    const lines: string[] = [];
    const pool = start({}, { log: (line) => lines.push(line) });
    const text = 'a\u2028b\u2029c\u0085d\u001ce\rf\ng Чай';
    await result(pool, { do: 'log odd text', text });
    await pool[Symbol.asyncDispose]();
    await eventually(() => expect(lines).toHaveLength(2));
    const [line = '', last] = lines;
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(line)).toEqual({ text });
    expect(last).toBe('the last one has no end');
  });

  it('does not let the function speak to whoever started its process', async () => {
    expect(await result(start(), { do: 'speak out of turn' })).toBe('in turn');
  });

  it('replaces a process that was killed while it was idle, also at the moment of the next request', async () => {
    const pool = start();
    const first = await result(pool, {});
    process.kill(first.pid, 'SIGKILL');
    await eventually(() => expect(isAlive(first.pid)).toBe(false));
    const second = await result(pool, {});
    process.kill(second.pid, 'SIGKILL');
    const third = await result(pool, {});
    expect(new Set([first.pid, second.pid, third.pid]).size).toBe(3);
  });

  it('runs what has begun to its end, and what waits only while somebody waits for it', async () => {
    const hold = holdUntilTold();
    const pool = start({}, { maxProcesses: 1, log: hold.log });
    const gone = new AbortController();
    const begun = pool.invoke(hold.event, gone.signal);
    await hold.running(1);
    const abandoned = pool.invoke({}, gone.signal);
    const next = result(pool, {});
    gone.abort();
    expect(await abandoned).toMatchObject({ error: { errorType: 'Sandbox.Abandoned' } });
    expect(await pool.invoke({}, gone.signal)).toMatchObject({ ok: false });
    hold.tell();
    expect(await begun).toMatchObject({ ok: true });
    expect((await next).invocations).toBe(2);
  });

  it('refuses what goes beyond its concurrency, and takes requests again afterwards', async () => {
    const hold = holdUntilTold();
    const pool = start({}, { maxProcesses: 1, maxConcurrency: 2, log: hold.log });
    const running = result(pool, hold.event);
    await hold.running(1);
    const waiting = result(pool, {});
    expect(await failure(pool, {})).toMatchObject({
      errorType: 'TooManyRequestsException',
      errorMessage: 'Rate Exceeded.',
    });
    hold.tell();
    await Promise.all([running, waiting]);
    expect(await result(pool, {})).toMatchObject({ invocations: 3 });
  });

  it('refuses an event when too many bytes wait already', async () => {
    const hold = holdUntilTold();
    const pool = start({}, { maxProcesses: 1, maxWaitingBytes: 1_000, log: hold.log });
    const running = result(pool, hold.event);
    await hold.running(1);
    const waiting = result(pool, { padding: 'x'.repeat(900) });
    expect((await failure(pool, { padding: 'x'.repeat(100) })).errorType).toBe(
      'TooManyRequestsException',
    );
    hold.tell();
    await Promise.all([running, waiting]);
  });

  it('ends a process that nobody has used for five minutes', async () => {
    const clock = new TestClock();
    const pool = start({}, { clock });
    const first = await result(pool, {});
    clock.pass(299_999);
    expect(await result(pool, {})).toMatchObject({ pid: first.pid });
    clock.pass(299_999);
    expect(isAlive(first.pid)).toBe(true);
    clock.pass(1);
    await eventually(() => expect(isAlive(first.pid)).toBe(false));
    expect((await result(pool, {})).pid).not.toBe(first.pid);
  });

  it('answers whoever waits when it stops', async () => {
    const hold = holdUntilTold();
    const pool = start({}, { maxProcesses: 1, log: hold.log });
    const answers = [pool.invoke(hold.event), pool.invoke({})];
    await hold.running(1);
    await pool[Symbol.asyncDispose]();
    for (const answer of await Promise.all(answers)) expect(answer.ok).toBe(false);
    expect(await pool.invoke({})).toMatchObject({ ok: false });
  });

  it('leaves no process when it stops', async () => {
    const pool = start();
    const { pid } = await result(pool, {});
    await pool[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
  });
});
