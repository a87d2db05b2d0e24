/**
 * A JSON answer. Exact decimals go in as `decimal('2500.00')` and come out as the number `2500.00`;
 * a member of the body may be a `JsonText`.
 */
export function jsonResponse(
  statusCode: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
) {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: jsonOf(body),
  };
}

/** JSON that is written already, as by PostgreSQL: it goes into an answer as it is. */
export class JsonText {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

function jsonOf(body: object): string {
  const members = Object.entries(body)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${JSON.stringify(name)}:${memberJson(value)}`);
  return `{${members.join()}}`;
}

const memberJson = (value: unknown) =>
  value instanceof JsonText ? value.text : JSON.stringify(value);

/** Decimal text as the JSON number with the same digits; a JavaScript number would lose some. */
export function decimal(text: string): RawJSON {
  return JSON.rawJSON(text);
}
