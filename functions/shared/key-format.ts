import { createHash, randomBytes, randomInt } from 'node:crypto';
import { KEY_ENVIRONMENT, type KeyEnvironment } from './env.ts';

/** A key that nobody has but who asked for it: only `id` and `secretSha256` are stored. */
export interface NewKey {
  readonly id: string;
  /** What the seller's system sends: `oa_live_<id>_<secret>`. */
  readonly key: string;
  /** In hexadecimal. */
  readonly secretSha256: string;
}

const ID_CHARACTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const ID_LENGTH = 12;
const SECRET_BYTES = 32; // 256 bits

/**
 * Lower case only and of one spelling: two keys that differ in a character are two keys.
 * The id tells keys apart in lists and logs and is no secret.
 */
const FORM = new RegExp(
  `^oa_(live|test)_([a-z0-9]{${ID_LENGTH}})_([0-9a-f]{${2 * SECRET_BYTES}})$`,
);

/** @param id one that nobody has yet */
export function generateKey(environment: KeyEnvironment, id = generateId()): NewKey {
  const secret = randomBytes(SECRET_BYTES).toString('hex');
  return { id, key: `oa_${environment}_${id}_${secret}`, secretSha256: sha256(secret) };
}

/** Whether a text may be the id of a key. */
export function isKeyId(text: string): boolean {
  return new RegExp(`^[a-z0-9]{${ID_LENGTH}}$`).test(text);
}

function generateId(): string {
  return Array.from({ length: ID_LENGTH }, () => ID_CHARACTERS[randomInt(36)]).join('');
}

/** The parts of a key, or `undefined` when the text is no key of this environment. */
export function parseKey(
  text: string,
  environment: KeyEnvironment,
): Pick<NewKey, 'id' | 'secretSha256'> | undefined {
  const [, ofEnvironment, id, secret] = FORM.exec(text) ?? [];
  if (ofEnvironment !== environment || !id || !secret) return undefined;
  return { id, secretSha256: sha256(secret) };
}

/** @throws when the variable is missing or something else */
export function keyEnvironment(env: NodeJS.ProcessEnv = process.env): KeyEnvironment {
  const value = env[KEY_ENVIRONMENT];
  if (value === 'live' || value === 'test') return value;
  throw new Error(`The environment variable ${KEY_ENVIRONMENT} must be live or test.`);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
