import type { MiddlewareObj } from '@middy/core';
import type { MetricName } from './metric-names.ts';
import { emit } from './metrics.ts';

/** Middleware that emits 1 for each invocation that fails, and lets it fail. */
export function countFailures(metric: MetricName): MiddlewareObj {
  return { onError: () => emit({ [metric]: 1 }) };
}
