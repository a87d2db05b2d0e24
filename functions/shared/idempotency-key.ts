import type { IdempotencyKeyReusedError } from '../../db/uploads/upload-outcome.ts';
import { Problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';
import type { SellerRequest } from './seller-handler.ts';

export const MAX_KEY_LENGTH = 255;
/** A string of RFC 9651 in its quotes, with its escapes. */
const QUOTED = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/;
const BARE = /^[!#-+\--~]+$/;

/**
 * The `Idempotency-Key` of a request: in quotes as the draft has it,
 * or without as most clients send it.
 *
 * @returns `undefined` when there is none
 * @throws {Problem} 400
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function idempotencyKeyOf({ headers }: Pick<SellerRequest, 'headers'>): string | undefined {
  const sent = headers['idempotency-key']?.trim();
  if (sent === undefined) return undefined;
  const key = QUOTED.exec(sent)?.[1]?.replace(/\\(.)/g, '$1') ?? (BARE.test(sent) ? sent : '');
  if (key !== '' && key.length <= MAX_KEY_LENGTH) return key;
  throw problem(
    400,
    'invalid_idempotency_key',
    `The header Idempotency-Key must come once, with 1 to ${MAX_KEY_LENGTH} characters of ASCII such as a UUID, in quotes where it has a space or a comma.`,
  );
}

/** A 422 for a request whose key came with another one before. */
export function reusedKey(cause: IdempotencyKeyReusedError, detail: string): Problem {
  return problem(422, 'idempotency_key_reused', detail, cause);
}

function problem(status: 400 | 422, code: ProblemCode, detail: string, cause?: Error): Problem {
  return new Problem(status, { detail, errors: [{ code, detail }], errorsCount: 1, cause });
}
