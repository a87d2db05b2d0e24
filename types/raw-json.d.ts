// What Node has and TypeScript's own library does not know yet.

/** A JSON text that `JSON.stringify` writes as it is. */
interface RawJSON {
  readonly rawJSON: string;
}

interface JSON {
  /** @see https://developer.mozilla.org/en-US/docs/Web/JavaScript/Reference/Global_Objects/JSON/rawJSON */
  rawJSON(text: string): RawJSON;
}
