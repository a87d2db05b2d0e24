/**
 * Whether a text of an address may be an order's number or a seller's name at all, so that it is
 * worth asking for: PostgreSQL takes neither U+0000 nor half a surrogate pair, and none is longer.
 */
export function mayBeStored(text: string): boolean {
  return (
    text !== '' && text.length <= MAX_UTF16_UNITS && !text.includes('\0') && text.isWellFormed()
  );
}

/** 50 characters, each of which may be a surrogate pair. */
const MAX_UTF16_UNITS = 100;
