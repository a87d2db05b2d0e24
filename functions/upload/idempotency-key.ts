import { Problem } from '../shared/problem.ts';
import type { SellerRequest } from '../shared/seller-handler.ts';

const MAX_LENGTH = 255;
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
  if (key !== '' && key.length <= MAX_LENGTH) return key;
  const detail = `The header Idempotency-Key must have 1 to ${MAX_LENGTH} characters of ASCII, such as a UUID.`;
  throw new Problem(400, {
    detail,
    errors: [{ code: 'invalid_idempotency_key', detail }],
    errorsCount: 1,
  });
}
