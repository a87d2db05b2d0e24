import * as v from 'valibot';
import { firstLine } from '../first-line.ts';
import { jsonOf } from '../json-of.ts';
import { ServiceError } from '../service-error.ts';
import { foreignAnswer } from './foreign-answer.ts';
import { ANSWERED_WITHIN_MS, type JsonRequest, signedRequest } from './signed-request.ts';
import type { Target } from './target.ts';
import { wholeAnswer } from './whole-answer.ts';

/** A refusal as the service or API Gateway writes it. */
interface Refusal {
  readonly detail?: string;
  readonly message?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/**
 * What an API answers to a request that is signed as the target says, as JSON.
 *
 * @param schema what the service answers to it
 * @throws {ServiceError} when it refuses, nothing answers, or something that is not the service
 */
export async function askApi<Answer>(
  target: Omit<Target, 'title'>,
  request: JsonRequest,
  schema: v.GenericSchema<unknown, Answer>,
  signal = new AbortController().signal,
): Promise<Answer> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(ANSWERED_WITHIN_MS)]);
  const asking = signedRequest(target, request, inTime);
  const { status, text } = await wholeAnswer(target.origin, asking);
  if (status < 200 || status > 299)
    throw new ServiceError(`${status} ${refusal(text)}`, { status });
  const answer = v.safeParse(schema, jsonOf(text));
  if (!answer.success) throw foreignAnswer(target.origin, status);
  return answer.output;
}

/** What a refusal says, with everything that is wrong. */
export function refusal(text: string): string {
  try {
    const { detail, message, errors = [] }: Refusal = JSON.parse(text);
    const all = errors.map((error) => `\n  ${error.pointer} ${error.detail}`).join('');
    return `${detail ?? message ?? withoutReason(text)}${all}`;
  } catch {
    return withoutReason(text);
  }
}

/** Proxies and load balancers answer for the service, too. */
function withoutReason(text: string): string {
  if (/^\s*</.test(text)) return 'with a page instead of a reason';
  return firstLine(text.trimStart()) || 'without a word';
}
