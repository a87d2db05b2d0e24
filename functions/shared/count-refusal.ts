import { METRICS } from './metric-names.ts';
import { emit } from './metrics.ts';
import type { Problem } from './problem.ts';
import { refusalReason } from './refusal-reason.ts';

/**
 * Counts a request that was not answered as asked; a 500 by the function's version, too, so that a
 * release is taken back whose version answers it.
 */
export function countRefusal(problem: Problem): void {
  const reason = refusalReason(problem);
  emit({ [METRICS.refusals]: 1 }, { reason });
  if (reason !== 'bug') return;
  emit({ [METRICS.bugs]: 1 }, { version: process.env.AWS_LAMBDA_FUNCTION_VERSION ?? '$LATEST' });
}
