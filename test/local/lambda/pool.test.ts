import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LocalFunction } from '../../../local/cloud-assembly/model.ts';
import { type LambdaPool, type PoolOptions, startLambda } from '../../../local/lambda/pool.ts';
import { fn } from '../gateway/api.ts';

const pools: LambdaPool[] = [];
afterEach(() => Promise.all(pools.splice(0).map((pool) => pool.stop())));

function start(fields: Partial<LocalFunction> = {}, options: PoolOptions = {}): LambdaPool {
  const codeDir = join(import.meta.dirname, '../../fixtures/functions/example');
  const pool = startLambda({ ...fn('example'), codeDir, ...fields }, options);
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

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('startLambda', () => {
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
  });

  it('starts another process while one is busy, up to its cap, and lets the rest wait', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'order-analytics-lambda-'));
    const waiting: string[] = [];
    const pool = start({}, { maxConcurrency: 2, log: (line) => waiting.push(line) });
    const event = { do: 'wait for a file', file: join(folder, 'go') };
    const answers = [1, 2, 3].map(() => result(pool, event));
    await vi.waitFor(() => expect(waiting).toHaveLength(2), { timeout: 30_000 });
    writeFileSync(event.file, '');
    const pids = (await Promise.all(answers)).map(({ pid }) => pid);
    rmSync(folder, { recursive: true });
    expect(new Set(pids).size).toBe(2);
    await vi.waitFor(() => expect(waiting).toHaveLength(3)); // a line may come after the answer
  });

  it.each([
    [{ do: 'throw' }, { errorType: 'RangeError', errorMessage: 'out of range' }],
    [{ do: 'reject with text' }, { errorType: 'string', errorMessage: 'just text' }],
    [
      { do: 'exit' },
      { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with exit status: 3' },
    ],
    [{ do: 'fill', bytes: 6 * 1024 * 1024 }, { errorType: 'Function.ResponseSizeTooLarge' }],
    [{ padding: 'x'.repeat(6 * 1024 * 1024) }, { errorType: 'RequestTooLargeException' }],
  ])('says what went wrong for that request alone: %o', async (event, error) => {
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
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 5_000 });
    expect((await result(pool, {})).pid).not.toBe(pid);
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
    await vi.waitFor(() => expect(lines.toSorted()).toEqual(['a line', 'another line']));
  });

  it('passes on a line as one, whatever separators are in it, and the last one without an end', async () => {
    const lines: string[] = [];
    const pool = start({}, { log: (line) => lines.push(line) });
    const text = 'a\u2028b\u2029c\u0085d\u001ce\rf\ng Чай';
    await result(pool, { do: 'log odd text', text });
    await pool.stop();
    await vi.waitFor(() => expect(lines).toHaveLength(2));
    const [line = '', last] = lines;
    expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
    expect(JSON.parse(line)).toEqual({ text });
    expect(last).toBe('the last one has no end');
  });

  it('leaves no process when it stops', async () => {
    const pool = start();
    const { pid } = await result(pool, {});
    await pool.stop();
    expect(isAlive(pid)).toBe(false);
  });
});
