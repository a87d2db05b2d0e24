// What Node has and TypeScript's own library does not know yet.

/** A JSON text that `JSON.stringify` writes as it is. */
interface RawJSON {
  readonly rawJSON: string;
}

interface JSON {
  /** @see https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/JSON/rawJSON */
  rawJSON(text: string): RawJSON;

  /** @param reviver is told how numbers, strings, `true`, `false` and `null` are written */
  parse<T>(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): T;
}
