import { unlessAborted } from '../stop-signal.ts';
import { createSigner } from './sign.ts';
import type { Target } from './target.ts';

/** API Gateway gives up after 30 s. */
export const ANSWERED_WITHIN_MS = 35_000;

export interface JsonRequest {
  readonly method: 'GET' | 'POST';
  /** Percent-encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>> | URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** What an API answers to a request that is signed as the target says. */
export async function signedRequest(
  target: Omit<Target, 'title'>,
  { method, path, query = {}, headers = {}, body }: JsonRequest,
  signal?: AbortSignal,
): Promise<Response> {
  const bytes = Buffer.from(body === undefined ? '' : JSON.stringify(body));
  const signing = createSigner(target)({
    method,
    path,
    query: new URLSearchParams(query),
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    body: bytes,
  });
  // It may have to wait for new credentials.
  const signed = await (signal ? unlessAborted(signing, signal) : signing);
  return fetch(target.origin + signed.path, {
    method,
    headers: signed.headers,
    ...(bytes.length > 0 && { body: bytes }),
    ...(signal && { signal }),
  });
}
