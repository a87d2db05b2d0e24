import { ErrorList } from './error-list.ts';
import { Problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';
import { NOT_UTF8, REPLACEMENT } from './replacement.ts';

/** How much of a parameter's name an answer repeats. */
const MAX_NAME_LENGTH = 100;

/**
 * A request's query parameters, read from the query string as it was sent: API Gateway's
 * `queryStringParameters` join a repeated parameter's values with commas, which a value may hold
 * too. What is wrong is collected, and refused as a whole by `finish`.
 */
export class QueryString {
  readonly #values = new Map<string, string[]>();
  readonly #known = new Set<string>();
  readonly #errors = new ErrorList();

  constructor(rawQueryString: string) {
    for (const pair of rawQueryString.split('&').filter((text) => text !== '')) {
      const [name = '', ...value] = pair.split('=').map(decode);
      const values = this.#values.get(name) ?? [];
      values.push(value.join('='));
      this.#values.set(name, values);
    }
  }

  /** Whether a parameter was sent, which says that it may be. */
  has(name: string): boolean {
    this.#known.add(name);
    return this.#values.has(name);
  }

  /** Every value of a parameter that may come several times; none of them empty. */
  many(name: string): string[] {
    this.#known.add(name);
    const values = this.#values.get(name) ?? [];
    if (values.includes('')) this.fail(name, 'too_short', 'Must not be empty.');
    if (values.some((value) => value.includes('\0'))) {
      this.fail(name, 'invalid_text', 'Must not contain U+0000.');
    }
    if (values.some((value) => value.includes(REPLACEMENT))) {
      this.fail(name, 'invalid_utf8', NOT_UTF8);
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

  fail(name: string, code: ProblemCode, detail: string): void {
    const pointer = `?${name.slice(0, MAX_NAME_LENGTH).toWellFormed()}`;
    this.#errors.add({ pointer, code, detail });
  }

  /**
   * @throws {Problem} 400 with everything that is wrong, parameters that nobody asked for included
   */
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
function refuse(errors: ErrorList): void {
  const { count } = errors;
  if (count === 0) return;
  const detail =
    count === 1 ? 'A query parameter does not fit.' : `${count} things are wrong with the query.`;
  throw new Problem(400, { detail, errors: errors.listed(), errorsCount: count });
}

/** Text as forms encode it. What is no UTF-8 becomes U+FFFD, which `many` refuses. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).toWellFormed();
  } catch {
    return REPLACEMENT;
  }
}
