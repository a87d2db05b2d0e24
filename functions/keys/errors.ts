import { KeyNotActiveError } from '../../db/keys/seller-keys.ts';
import { isKeyId } from '../shared/key-format.ts';
import { Problem } from '../shared/problem.ts';

export const noSuchKey = () => new Problem(404, { detail: 'There is no such key.' });

/** @throws {Problem} 404 when a text of an address cannot be a key's id */
export function keyIdOf(text = ''): string {
  if (!isKeyId(text)) throw noSuchKey();
  return text;
}

/** @throws {Problem} 409 in place of `KeyNotActiveError`, other errors as they are */
export function conflict(error: unknown): never {
  throw error instanceof KeyNotActiveError ? notActive(error) : error;
}

export function notActive(error: KeyNotActiveError): Problem {
  const detail = `This key is ${error.state}: it cannot be rotated. Create a new one.`;
  return new Problem(409, { detail, cause: error });
}
