import { Problem, type ProblemEntry } from './problem.ts';

/**
 * A request's query parameters, read from the query string as it was sent: API Gateway's
 * `queryStringParameters` join a repeated parameter's values with commas, which a value may hold too.
 * What is wrong is collected, and refused as a whole by `finish`.
 */
export class QueryString {
  readonly #values = new Map<string, string[]>();
  readonly #known = new Set<string>();
  readonly #errors: ProblemEntry[] = [];

  constructor(rawQueryString: string) {
    for (const pair of rawQueryString.split('&').filter((text) => text !== '')) {
      const [name = '', ...value] = pair.split('=').map(decode);
      this.#values.set(name, [...(this.#values.get(name) ?? []), value.join('=')]);
    }
  }

  /** Every value of a parameter that may come several times; none of them empty. */
  many(name: string): string[] {
    this.#known.add(name);
    const values = this.#values.get(name) ?? [];
    if (values.includes('')) this.fail(name, 'too_short', 'Must not be empty.');
    if (values.some((value) => value.includes('\0') || !value.isWellFormed())) {
      this.fail(name, 'invalid_text', 'Must be UTF-8 without U+0000.');
    }
    return values;
  }

  /** The value of a parameter that may come once. */
  one(name: string): string | undefined {
    const [value, ...others] = this.many(name);
    if (others.length > 0) this.fail(name, 'duplicate', 'Must come only once.');
    return value;
  }

  /** The value of a parameter that must be there. */
  required(name: string): string {
    const value = this.one(name);
    if (value) return value;
    if (value === undefined) this.fail(name, 'missing', 'Is missing.');
    return '';
  }

  fail(name: string, code: string, detail: string): void {
    this.#errors.push({ pointer: `?${name}`, code, detail });
  }

  /** @throws {Problem} 400 with everything that is wrong, parameters that nobody asked for included */
  finish(): void {
    for (const name of this.#values.keys()) {
      if (!this.#known.has(name)) {
        const known = [...this.#known].join(', ');
        this.fail(name, 'unknown', `Is not a parameter here. Those are: ${known}.`);
      }
    }
    refuse(this.#errors);
  }
}

/** @throws {Problem} 400, unless there is nothing to refuse */
function refuse(errors: readonly ProblemEntry[]): void {
  if (errors.length === 0) return;
  const detail =
    errors.length === 1
      ? 'A query parameter does not fit.'
      : `${errors.length} things are wrong with the query.`;
  throw new Problem(400, { detail, errors, errorsCount: errors.length });
}

/** Text as forms encode it. Bytes that are no UTF-8 become half a surrogate pair, which `many` refuses. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return '\ud800';
  }
}
