import type { Clock } from '../aws/clock.ts';
import type { LocalFunction } from '../cloud-assembly/model.ts';
import type { Invocation, Invoke } from './invocation.ts';
import { type LambdaPool, startLambdaPool } from './pool.ts';

// Stands in for Lambda: the bundles that would be deployed, each request in a process that serves
// no other meanwhile. It leaves out versions, asynchronous invocation, provisioned concurrency,
// freezing between requests, the slower CPU of small memory sizes, and the file system's limits. It
// listens nowhere: `invoke-api.ts` is its API.

export interface LambdaOptions {
  /** Variables beside the functions' own and Lambda's: where the stand-ins are. */
  readonly extraEnvironment: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Told every line that a function logs. */
  readonly log: (line: string) => void;
  /** Told what came of every invocation, before whoever asked for it. */
  readonly onInvocation?: OnInvocation | undefined;
}

export type OnInvocation = (fn: LocalFunction, invocation: Invocation) => void;

/** The functions of an app, each with processes of its own from its first request on. */
export interface Lambda extends AsyncDisposable {
  readonly invoke: Invoke;
  /** @throws what the function fails with, and its name */
  invokeOrThrow(fn: LocalFunction, event: unknown): Promise<void>;
}

/**
 * Runs functions until it is disposed of, which ends their processes; what comes later is not run.
 */
export function startLambda(options: LambdaOptions): Lambda {
  const pools = new Map<string, LambdaPool>();
  let isStopped = false;

  function poolOf(fn: LocalFunction): LambdaPool {
    const pool = pools.get(fn.arn) ?? startLambdaPool(fn, options);
    pools.set(fn.arn, pool);
    if (isStopped) void pool[Symbol.asyncDispose]();
    return pool;
  }

  const invoke: Invoke = async (fn, event, signal) => {
    const invocation = await poolOf(fn).invoke(event, signal);
    options.onInvocation?.(fn, invocation);
    return invocation;
  };
  return {
    invoke,
    invokeOrThrow: async (fn, event) => {
      const invocation = await invoke(fn, event);
      if (!invocation.ok) throw new Error(`${fn.logicalId}: ${invocation.error.errorMessage}`);
    },
    [Symbol.asyncDispose]: async () => {
      isStopped = true;
      await Promise.all([...pools.values()].map((pool) => pool[Symbol.asyncDispose]()));
    },
  };
}
