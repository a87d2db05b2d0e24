import fc from 'fast-check';

/**
 * Any of Unicode's characters, assigned or not. The unit `binary` of `fc.string` is the same, after
 * most of a second in which it makes a map of them all.
 */
export const anyCharacter = fc
  .integer({ min: 0, max: 0x10_f7ff })
  .map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800)); // surrogates are left out
