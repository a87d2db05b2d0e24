// Where the tokens of JSON end, in its bytes. All that is looked for is ASCII,
// whose bytes stand for nothing else in UTF-8.

export const QUOTE = 0x22;
export const BACKSLASH = 0x5c;
export const COLON = 0x3a;
export const COMMA = 0x2c;
export const OPEN_ARRAY = 0x5b;
export const OPEN_OBJECT = 0x7b;
export const CLOSE_OBJECT = 0x7d;
/** Of what stands between tokens the last. */
export const SPACE = 0x20;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_CASE = 0x20;
const E = 0x65;

/** The place behind the string that begins at `start`, or the end where it does not close. */
export function stringEnd(json: Uint8Array, start: number): number {
  let at = start + 1;
  for (; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at += 1;
  }
  return json.length;
}

/** The place behind the number that begins at `start`; `start` itself where there is none. */
export function numberEnd(json: Uint8Array, start: number): number {
  const integer = json[start] === MINUS ? start + 1 : start;
  let end = json[integer] === ZERO ? integer + 1 : digitsEnd(json, integer);
  if (end === integer) return start;
  if (json[end] === POINT) {
    const fraction = end + 1;
    end = digitsEnd(json, fraction);
    if (end === fraction) return start;
  }
  if (((json[end] ?? 0) | LOWER_CASE) === E) {
    const sign = json[end + 1];
    const exponent = end + (sign === MINUS || sign === PLUS ? 2 : 1);
    end = digitsEnd(json, exponent);
    if (end === exponent) return start;
  }
  return end;
}

function digitsEnd(json: Uint8Array, start: number): number {
  let at = start;
  while ((json[at] ?? 0) >= ZERO && (json[at] ?? 0) <= NINE) at += 1;
  return at;
}
