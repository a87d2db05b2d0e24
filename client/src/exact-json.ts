/** As JSON has them: what has a zero before it stays what JSON refuses. */
const FRACTION = /-?\b(?:0|[1-9]\d*)\.\d+(?:[eE][-+]?\d+)?/g;

/**
 * What an answer says, its numbers with a fraction as the text that was sent: the service writes
 * every amount with two decimals and every count without, and `JSON.parse` alone would make amounts
 * binary fractions.
 *
 * @throws {SyntaxError} of what is no JSON
 */
export function parseExactly(json: string): unknown {
  let quoted = '';
  for (let at = 0; at < json.length; ) {
    const start = quoteAfter(json, at);
    const end = stringEnd(json, start);
    quoted += json.slice(at, start).replace(FRACTION, '"$&"') + json.slice(start, end);
    at = end;
  }
  return JSON.parse(quoted);
}

/** The place behind the string that begins at `start`; the end where it does not close. */
function stringEnd(json: string, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    at = quoteAfter(json, at);
    let backslashes = 0;
    while (json[at - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return json.length;
}

/** The place of the next quotation mark, or the end. */
function quoteAfter(json: string, from: number): number {
  const place = json.indexOf('"', from);
  return place < 0 ? json.length : place;
}
