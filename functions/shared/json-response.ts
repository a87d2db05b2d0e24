/**
 * A JSON answer. Exact decimals go in as `decimal('2500.00')` and come out as the number `2500.00`.
 */
export function jsonResponse(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

/** Decimal text as the JSON number with the same digits; a JavaScript number would lose some. */
export function decimal(text: string): RawJSON {
  return JSON.rawJSON(text);
}
