import { REST } from '../../cli/openapi/examples.ts';
import { isObject } from '../../functions/shared/is-object.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

/** What is another value each time, and how it looks. */
const OWN: Readonly<Record<string, RegExp>> = {
  upload_id: UUID,
  undone: UUID,
  key_id: /^[0-9a-z]{12}$/,
  request_id: /^[\w+/=-]{10,}$/,
  next: /^[\w-]{20,}$/,
  expires_at: INSTANT,
};

/** Times that the document shows with these fractions are those of the service's clock. */
const CLOCK = /\.123456Z$/;

/** What is written in a document in the place of values that are others each time. */
export class ShownValues {
  readonly #shownByOwn: Map<string, string>;

  /** @param shownByOwn the values that are known already, each with what the document has of it */
  constructor(shownByOwn: Readonly<Record<string, string>> = {}) {
    this.#shownByOwn = new Map(Object.entries(shownByOwn));
  }

  /**
   * An answer as a document would show it: with the document's value where a field is of those that
   * are others each time and look as they have to, each own value always as the same; with `…` for
   * the fields that stand for the rest. Where that cannot be done the answer stays as it is.
   */
  of(answer: unknown, shown: unknown, name = ''): unknown {
    if (Array.isArray(answer) && Array.isArray(shown)) {
      return answer.map((one, i) => this.of(one, shown[i], name));
    }
    if (isObject(answer) && isObject(shown)) {
      const fields = Object.entries(answer).map(([field, value]) =>
        field in shown || !(REST in shown)
          ? [field, this.of(value, shown[field], field)]
          : [REST, REST],
      );
      return Object.fromEntries(fields);
    }
    if (typeof answer !== 'string' || typeof shown !== 'string') return answer;
    const form = CLOCK.test(shown) ? INSTANT : OWN[name];
    return form?.test(answer) ? this.#shownOf(answer, shown) : answer;
  }

  #shownOf(own: string, shown: string): string {
    const known = this.#shownByOwn.get(own);
    if (known !== undefined) return known;
    if ([...this.#shownByOwn.values()].includes(shown)) return own;
    this.#shownByOwn.set(own, shown);
    return shown;
  }
}

/** JSON in which numbers are the text that they are written with: `2500.00` is no `2500`. */
export function parseWithNumbersAsText(json: string): unknown {
  return JSON.parse(
    json.replace(/("(?:[^"\\]|\\.)*")|-?\d[\d.eE+-]*/g, (text, string?: string) =>
      string === undefined ? `"number ${text}"` : string,
    ),
  );
}
