const LAST_OF_2_BYTES = 0x7ff;
const LAST_OF_3_BYTES = 0xffff;
const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;

/**
 * Writes a character that is not ASCII as UTF-8; answers the place behind it.
 *
 * @throws {TypeError} for half of a surrogate pair
 * @see https://www.rfc-editor.org/rfc/rfc3629#section-3
 */
export function writeCharacter(bytes: Uint8Array, start: number, codePoint: number): number {
  let at = start;
  if (codePoint <= LAST_OF_2_BYTES) {
    bytes[at++] = 0xc0 | (codePoint >> 6);
  } else if (codePoint <= LAST_OF_3_BYTES) {
    if (codePoint >= FIRST_SURROGATE && codePoint <= LAST_SURROGATE) {
      throw new TypeError('Half of a surrogate pair has no UTF-8.');
    }
    bytes[at++] = 0xe0 | (codePoint >> 12);
    bytes[at++] = continuation(codePoint >> 6);
  } else {
    bytes[at++] = 0xf0 | (codePoint >> 18);
    bytes[at++] = continuation(codePoint >> 12);
    bytes[at++] = continuation(codePoint >> 6);
  }
  bytes[at++] = continuation(codePoint);
  return at;
}

const continuation = (bits: number) => 0x80 | (bits & 0x3f);
