// `JSON.parse` makes numbers binary fractions and forgets how many decimals they had. Here a number
// stays its text, told from the document's own strings by a mark that comes first.

const MARK = '\0';

/** The text of a JSON number as it was written; `undefined` for anything else. */
export function numberText(value: unknown): string | undefined {
  const isMarked = typeof value === 'string' && value[0] === MARK && value[1] !== MARK;
  return isMarked ? value.slice(1) : undefined;
}

/** A string of the document, which a number is not. */
export function isJsonString(value: unknown): value is string {
  return typeof value === 'string' && (value[0] !== MARK || value[1] === MARK);
}

/** The JSON's value, its objects' numbers for `numberText`. @throws {SyntaxError} */
export function parseJson(json: string): unknown {
  try {
    return JSON.parse(markNumbers(json));
  } catch {
    return JSON.parse(json, keepNumberText);
  }
}

/**
 * The same JSON with the numbers of its objects as marked strings, in a sixth of the time that
 * `keepNumberText` needs. Where a string of the document looks like a member's name and number, or
 * has the mark, the result is no JSON: then `keepNumberText` has to do it.
 */
export function markNumbers(json: string): string {
  if (json.includes('\\u0000')) return '';
  return json.replace(MEMBER_NUMBER, '$1"\\u0000$2"');
}

// A quote ends a name here, or else it begins a string, or is a part of one after a backslash. In
// those cases the quote that is put before the mark ends that string, and no backslash may follow it.
const MEMBER_NUMBER = /("\s*:\s*)(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/g;

/** A reviver for `JSON.parse` that keeps every number's text. */
export function keepNumberText(
  _key: string,
  value: unknown,
  context?: { source?: string },
): unknown {
  if (typeof value === 'number') return MARK + (context?.source ?? String(value));
  return typeof value === 'string' && value[0] === MARK ? MARK + value : value;
}
