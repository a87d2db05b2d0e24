import type { LocalFunction } from '../cloud-assembly/model.ts';
import type { FunctionError, ResourceUsage } from './protocol.ts';

/** What an invocation came to. */
export type Invocation =
  | ({ readonly ok: true; readonly json: string } & ResourceUsage)
  | { readonly ok: false; readonly error: FunctionError; readonly timedOut: boolean };

/**
 * Runs a function. Never throws: what the function throws is the answer, as Lambda describes it.
 *
 * @param signal nobody waits any more: a request that has not begun is not run
 */
export type Invoke = (
  fn: LocalFunction,
  event: unknown,
  signal?: AbortSignal,
) => Promise<Invocation>;

export const failure = (errorType: string, errorMessage: string): Invocation => ({
  ok: false,
  timedOut: false,
  error: { errorType, errorMessage },
});

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
export const THROTTLED = failure('TooManyRequestsException', 'Rate Exceeded.');

/** Whether Lambda refused to run it: too many ran already. */
export function isThrottled(invocation: Invocation | undefined): boolean {
  return invocation?.ok === false && invocation.error.errorType === 'TooManyRequestsException';
}
