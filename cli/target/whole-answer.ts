import { errorCode, toError } from '../caught.ts';
import { ServiceError } from '../service-error.ts';

/** An answer of any status, all of which has come. */
export interface WholeAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/**
 * What `fetch` brings from an origin.
 *
 * @throws {ServiceError} when nothing answers, or not all of the answer comes, or not in time
 */
export async function wholeAnswer(
  origin: string,
  fetching: Promise<Response>,
): Promise<WholeAnswer> {
  try {
    const response = await fetching;
    const { status, headers } = response;
    return { status, headers, text: await response.text() };
  } catch (cause) {
    const why = whyNoAnswer(cause);
    if (why === undefined) throw cause;
    throw new ServiceError(`Nothing answers at ${origin} (${why}).`, { cause });
  }
}

/** Why `fetch` has brought no whole answer; `undefined` of other errors. */
function whyNoAnswer(error: unknown): string | undefined {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'not in time';
  // How `fetch` says that there was no whole answer.
  if (!(error instanceof TypeError) || error.cause === undefined) return undefined;
  return errorCode(error.cause) ?? toError(error.cause).message;
}
