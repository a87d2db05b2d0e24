import { ServiceError } from '../service-error.ts';
import { type JsonRequest, signedRequest } from './signed-request.ts';
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
 * @throws {ServiceError} when it refuses, or nothing answers
 */
export async function askApi<Answer>(
  target: Omit<Target, 'title'>,
  request: JsonRequest,
  signal?: AbortSignal,
): Promise<Answer> {
  const { status, text } = await wholeAnswer(target.origin, signedRequest(target, request, signal));
  if (status < 200 || status > 299)
    throw new ServiceError(`${status} ${refusal(text)}`, { status });
  const answer: Answer = JSON.parse(text);
  return answer;
}

/** What a refusal says, with everything that is wrong. */
export function refusal(text: string): string {
  try {
    const { detail, message, errors = [] }: Refusal = JSON.parse(text);
    const all = errors.map((error) => `\n  ${error.pointer} ${error.detail}`).join('');
    return `${detail ?? message ?? text}${all}`;
  } catch {
    return text;
  }
}
