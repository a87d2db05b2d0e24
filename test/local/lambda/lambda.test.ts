import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../local/aws/clock.ts';
import { startLambda } from '../../../local/lambda/lambda.ts';
import { fn } from '../gateway/api.ts';

const codeDir = join(import.meta.dirname, '../../fixtures/functions/example');
const one = { ...fn('one'), codeDir };
const other = { ...fn('other'), codeDir };
const start = () => startLambda({ extraEnvironment: {}, clock: systemClock, log: () => {} });

describe('startLambda', () => {
  it('runs each function in processes of its own', async () => {
    await using lambda = start();
    const pids = new Set();
    for (const called of [one, other, one]) {
      const invocation = await lambda.invoke(called, {});
      pids.add(invocation.ok && JSON.parse(invocation.json).pid);
    }
    expect(pids.size).toBe(2);
  });

  it('throws what a function that has to succeed fails with, and its name', async () => {
    await using lambda = start();
    await expect(lambda.invokeOrThrow(one, { do: 'throw' })).rejects.toThrow(/^one: out of range$/);
  });

  it('runs nothing once it is disposed of, also of a function that it had not run before', async () => {
    const lambda = start();
    await lambda.invokeOrThrow(one, {});
    await lambda[Symbol.asyncDispose]();
    for (const called of [one, other]) {
      expect(await lambda.invoke(called, {})).toMatchObject({
        error: { errorType: 'Sandbox.Abandoned' },
      });
    }
  });
});
