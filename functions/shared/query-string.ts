import { ErrorList } from './error-list.ts';
import { Problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';
import { NOT_UTF8, REPLACEMENT } from './replacement.ts';

/** A percent sign that encodes nothing. */
const LONE_PERCENT = /%(?![0-9a-f]{2})/i;
const MEANT_PERCENT =
  'Has a % without two hexadecimal digits behind it: a percent sign is sent as %25.';

/** How much of a parameter's name an answer repeats. */
const MAX_NAME_LENGTH = 100;

/** A value of a parameter. */
interface Sent {
  /** As it was sent, which shows what could not be decoded. */
  readonly raw: string;
  readonly text: string;
}

/**
 * A request's query parameters, read from the query string as it was sent: API Gateway's
 * `queryStringParameters` join a repeated parameter's values with commas, which a value may hold
 * too. What is wrong is collected, and refused as a whole by `finish`.
 */
export class QueryString {
  readonly #values = new Map<string, Sent[]>();
  readonly #known = new Set<string>();
  readonly #undecoded = new Set<string>();
  readonly #errors = new ErrorList();

  constructor(rawQueryString: string) {
    for (const pair of rawQueryString.split('&').filter((text) => text !== '')) {
      const [rawName = '', ...rest] = pair.split('=');
      const name = decode(rawName);
      const raw = rest.join('=');
      const values = this.#values.get(name) ?? [];
      values.push({ raw, text: decode(raw) });
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
    for (const { raw, text } of values) {
      if (text === '') this.fail(name, 'too_short', 'Must not be empty.', text);
      if (text.includes('\0')) this.fail(name, 'invalid_text', 'Must not contain U+0000.', text);
      if (!text.includes(REPLACEMENT)) continue;
      this.#undecoded.add(name);
      if (LONE_PERCENT.test(raw)) this.fail(name, 'invalid_text', MEANT_PERCENT, raw);
      else this.fail(name, 'invalid_utf8', NOT_UTF8, raw);
    }
    return values.map(({ text }) => text);
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

  /** @param value what is refused; of a parameter that came once it is known */
  fail(name: string, code: ProblemCode, detail: string, value?: string): void {
    // What could not be decoded is refused already, and is nothing that was sent.
    if (value === undefined && this.#undecoded.has(name)) return;
    this.#errors.add({ pointer: pointerTo(name), code, detail, value: value ?? this.#only(name) });
  }

  #only(name: string): string | undefined {
    const [value, ...others] = this.#values.get(name) ?? [];
    return others.length === 0 ? value?.text : undefined;
  }

  /**
   * @throws {Problem} 400 with everything that is wrong, parameters that nobody asked for included
   */
  finish(): void {
    for (const name of this.#values.keys()) {
      if (!this.#known.has(name)) {
        const known = [...this.#known].join(', ');
        const detail = `Is not a parameter here. Those are: ${known}.`;
        this.#errors.add({ pointer: pointerTo(name), code: 'unknown', detail });
      }
    }
    refuse(this.#errors);
  }
}

const pointerTo = (name: string) => `?${name.slice(0, MAX_NAME_LENGTH).toWellFormed()}`;

/** @throws {Problem} 400, unless there is nothing to refuse */
function refuse(errors: ErrorList): void {
  const { count } = errors;
  if (count === 0) return;
  const detail =
    count === 1 ? 'A query parameter does not fit.' : `${count} things are wrong with the query.`;
  throw new Problem(400, { detail, errors: errors.listed(), errorsCount: count });
}

/** Text as forms encode it. What cannot be decoded becomes U+FFFD, which `many` refuses. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).toWellFormed();
  } catch {
    return REPLACEMENT;
  }
}
