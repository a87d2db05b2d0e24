import { KeyNotActiveError, SellerBeingErasedError } from '../../db/keys/seller-keys.ts';
import { isKeyId } from '../shared/key-format.ts';
import { Problem } from '../shared/problem.ts';

export const noSuchKey = () => new Problem(404, { detail: 'There is no such key.' });

/** @throws {Problem} 404 when a text of an address cannot be a key's id */
export function keyIdOf(text = ''): string {
  if (!isKeyId(text)) throw noSuchKey();
  return text;
}

/** @throws {Problem} 409 where a key or its seller is no longer as asked, others as they are */
export function conflict(error: unknown): never {
  if (error instanceof KeyNotActiveError) throw notActive(error);
  if (!(error instanceof SellerBeingErasedError)) throw error;
  throw new Problem(409, { detail: BEING_ERASED, cause: error });
}

const BEING_ERASED =
  'Erasing this seller has begun: no key is made any more. Erase to the end; then the name is free.';

export function notActive(error: KeyNotActiveError): Problem {
  const detail = `This key is ${error.state}: it cannot be rotated. Create a new one.`;
  return new Problem(409, { detail, cause: error });
}
