/**
 * A JSON number as it was written. `JSON.parse` alone would make it a binary fraction and forget
 * how many decimals it had.
 */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A reviver for `JSON.parse` that keeps every number as a `JsonNumber`. */
export function keepNumberText(
  _key: string,
  value: unknown,
  context?: { source?: string },
): unknown {
  return typeof value === 'number' ? new JsonNumber(context?.source ?? String(value)) : value;
}
