import { errorCode, toError } from '../caught.ts';
import { ServiceError } from '../service-error.ts';
import { type JsonRequest, signedRequest } from './signed-request.ts';
import type { Target } from './target.ts';

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
  const { ok, status, text } = await send(target, request, signal);
  if (!ok) throw new ServiceError(`${status} ${refusal(text)}`, { status });
  const answer: Answer = JSON.parse(text);
  return answer;
}

async function send(target: Omit<Target, 'title'>, request: JsonRequest, signal?: AbortSignal) {
  try {
    const response = await signedRequest(target, request, signal);
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    // How `fetch` says that there was no whole answer.
    if (!(error instanceof TypeError) || error.cause === undefined) throw error;
    const why = errorCode(error.cause) ?? toError(error.cause).message;
    throw new ServiceError(`Nothing answers at ${target.origin} (${why}).`, { cause: error });
  }
}

function refusal(text: string): string {
  try {
    const { detail, message, errors = [] }: Refusal = JSON.parse(text);
    const all = errors.map((error) => `\n  ${error.pointer} ${error.detail}`).join('');
    return `${detail ?? message ?? text}${all}`;
  } catch {
    return text;
  }
}
