import { isDeepStrictEqual } from 'node:util';
import { jsonOf } from '../json-of.ts';
import { ServiceError } from '../service-error.ts';
import { type JsonRequest, signedRequest } from '../target/signed-request.ts';
import type { Target } from '../target/target.ts';
import { type WholeAnswer, wholeAnswer } from '../target/whole-answer.ts';

/** How long a seller's system is told to wait: 10 s for the key, 30 s for the function. */
const ANSWERED_WITHIN_MS = 40_000;

/** An answer, and to what. */
export interface Answer extends WholeAnswer {
  /** Method and path. */
  readonly request: string;
}

/** How the API is asked. */
export interface Api {
  /** @param key a seller's; `undefined` for a stranger */
  ask(request: SellerRequest, key: string | undefined): Promise<Answer>;
  /** With AWS credentials, as people ask. */
  askSigned(request: JsonRequest): Promise<Answer>;
}

export interface SellerRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Percent-encoded, with its query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** @param signal after which nothing is asked any more */
export function apiOf(target: Target, signal: AbortSignal): Api {
  const { origin } = target;
  return {
    async ask({ method, path, body }, key) {
      const fetching = fetch(origin + path, {
        method,
        headers: {
          ...(key !== undefined && { authorization: `Bearer ${key}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: inTime(signal),
      });
      return { request: `${method} ${path}`, ...(await wholeAnswer(origin, fetching)) };
    },
    async askSigned(request) {
      const fetching = signedRequest(target, request, inTime(signal));
      const answer = await wholeAnswer(origin, fetching);
      return { request: `${request.method} ${request.path}`, ...answer };
    },
  };
}

/** A signal that also ends what takes longer than a seller's system would wait. */
export function inTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ANSWERED_WITHIN_MS)]);
}

/** @throws {ServiceError} when it is another status */
export function expectStatus(answer: Answer, status: number): void {
  if (answer.status !== status) throw instead(answer, String(status));
}

/** @throws {ServiceError} when the body is another, to the byte */
export function expectText(answer: Answer, text: string): void {
  if (answer.status !== 200 || answer.text !== text) throw instead(answer, text);
}

/**
 * The body, of which the fields named are as they should be; others may be there.
 *
 * @throws {ServiceError} when they are not
 */
export function expectFields<Fields extends object>(answer: Answer, fields: Fields): unknown {
  const expected: unknown = JSON.parse(JSON.stringify(fields));
  const body = answer.status === 200 ? jsonOf(answer.text) : undefined;
  if (!includes(body, expected)) throw instead(answer, JSON.stringify(expected));
  return body;
}

/** @throws {ServiceError} when one of the texts is not there */
export function expectParts(answer: Answer, parts: readonly string[]): void {
  if (answer.status !== 200) throw instead(answer, 'a page');
  const missing = parts.filter((part) => !answer.text.includes(part));
  if (missing.length > 0) {
    throw new ServiceError(`${answer.request} answered a page without ${missing.join(' and ')}`);
  }
}

/** Whether a value has all that is expected of it; lists are as long as expected. */
function includes(value: unknown, expected: unknown): boolean {
  if (typeof expected !== 'object' || expected === null) return isDeepStrictEqual(value, expected);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(expected) && (!Array.isArray(value) || value.length !== expected.length)) {
    return false;
  }
  const fields = new Map(Object.entries(value));
  return Object.entries(expected).every(([name, field]) => includes(fields.get(name), field));
}

/** How much of an answer is shown: enough to see what it is. */
const SHOWN = 1_000;

function instead({ request, status, text }: Answer, expected: string): ServiceError {
  const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
  return new ServiceError(`${request} answered ${status} ${shown}\ninstead of ${expected}`);
}
