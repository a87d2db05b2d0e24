/**
 * What people paste where an id is asked for, or by mistake elsewhere: whole keys. Their ids
 * are used, and the rest is not said again by this program, not sent, and in no address that a
 * log would keep.
 */
const KEY = /oa_(?:live|test)_([a-z0-9]{12})(?![a-z0-9])/;

/**
 * The id in a key, whole or cut short behind it, whatever stands around it;
 * `undefined` where there is none.
 */
export function idInKey(text: string): string | undefined {
  return KEY.exec(text)?.[1];
}

/** Whether a text may be shown and sent as the id of a key: it is too short to be a secret. */
export function mayBeId(text: string): boolean {
  return /^[a-z0-9]{1,12}$/.test(text);
}

/** Whether a text is a whole key and nothing else. */
export function isKey(text: string): boolean {
  return /^oa_(?:live|test)_[a-z0-9]{12}_[0-9a-f]{64}$/.test(text);
}

/** A text in which keys end behind their ids, also where an address has them percent-encoded. */
export function withoutSecrets(text: string): string {
  return text.replace(WITH_SECRET, '$1…');
}

const WITH_SECRET = /(oa(?:_|%5f)(?:live|test)(?:_|%5f)[a-z0-9]{12}(?:_|%5f))[\w%]+/gi;
