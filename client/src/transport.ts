import { addressText, isAddress } from './address.ts';
import { problemOf } from './answer.ts';
import { ConnectionError } from './errors.ts';
import { parseExactly } from './exact-json.ts';
import {
  type Clock,
  delayMs,
  isPassing,
  type Retry,
  type RetryOptions,
  systemClock,
  timerMs,
  withDefaults,
} from './retries.ts';

export interface TransportOptions {
  /** The service's address, such as the stack's output `ApiUrl`. */
  readonly url: string;
  /** Such as `oa_live_…`. It is sent to this address alone, and no error or log has it. */
  readonly key: string;
  readonly retry?: RetryOptions | undefined;
  /** What sends requests. @default the global one */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** @default the system's */
  readonly clock?: Clock | undefined;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Without the query. */
  readonly path: string;
  readonly query?: URLSearchParams;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly answer: ExpectedAnswer;
}

/** By what the service's answer is known. */
export interface ExpectedAnswer {
  /** Not known where it asks whose a key is. */
  readonly user: string | undefined;
  /** Fields that are numbers or lists. */
  readonly has: readonly string[];
}

function answerIn(text: string): unknown {
  try {
    return parseExactly(text);
  } catch (cause) {
    throw new ConnectionError('The answer is not whole.', { cause });
  }
}

/** A proxy's own JSON has stored nothing, also if it names a user, or says again what was sent. */
function isOurs(answer: unknown, { user, has }: ExpectedAnswer): boolean {
  if (typeof answer !== 'object' || answer === null) return false;
  const fields = answer as Record<string, unknown>;
  return (
    typeof fields.user === 'string' &&
    (user === undefined || fields.user.normalize() === user.normalize()) &&
    has.every((name) => typeof fields[name] === 'number' || Array.isArray(fields[name]))
  );
}

/** Whether a text is printable ASCII, which any header can hold. */
export const fitsHeader = (text: string): boolean => /^[ -~]*$/.test(text);

/** Sends requests, again where that may help. */
export class Transport {
  readonly #url: string;
  readonly #key: string;
  readonly #retry: Retry;
  readonly #fetch: typeof globalThis.fetch;
  readonly #clock: Clock;

  /** @throws {TypeError} of an address at which nobody would ever answer, and of what is no key */
  constructor({ url, key, retry, fetch, clock }: TransportOptions) {
    if (!isAddress(url)) {
      throw new TypeError(`The url ${addressText(url)}`);
    }
    if (!fitsHeader(key)) throw new TypeError('The key has a character that no key has.');
    this.#url = url.replace(/\/+$/, '');
    this.#key = key;
    this.#retry = withDefaults(retry);
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    this.#clock = clock ?? systemClock;
  }

  /**
   * What the service answers.
   *
   * @throws {ProblemError} when that is no success
   * @throws {ConnectionError} when there is no answer
   * @throws the signal's reason when that is aborted
   */
  async send<T>(request: ApiRequest, signal?: AbortSignal): Promise<T> {
    const { maxTries, deadlineMs } = this.#retry;
    const clock = this.#clock;
    const endsAt = clock.now() + deadlineMs;
    for (let tries = 1; ; tries += 1) {
      try {
        return (await this.#try(request, endsAt, signal)) as T;
      } catch (error) {
        signal?.throwIfAborted();
        const wait = delayMs(error, tries, this.#retry, clock.random());
        const isLast = tries >= maxTries || clock.now() + wait >= endsAt;
        if (isLast || !isPassing(error)) throw error;
        await clock.wait(wait, signal);
        if (clock.now() >= endsAt) throw error; // it has taken longer, as when a machine slept
      }
    }
  }

  async #try(request: ApiRequest, endsAt: number, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted();
    const nowMs = this.#clock.now();
    const inTime = AbortSignal.timeout(timerMs(Math.min(this.#retry.tryMs, endsAt - nowMs)));
    const { response, text } = await this.#answer(
      request,
      signal ? AbortSignal.any([signal, inTime]) : inTime,
    ).catch((cause: unknown) => {
      const why = inTime.aborted ? 'There was no answer in time.' : 'The connection failed.';
      throw new ConnectionError(why, { cause });
    });
    if (!response.ok) throw problemOf(response, text, nowMs);
    const answer = answerIn(text);
    if (isOurs(answer, request.answer)) return answer;
    throw new ConnectionError('Something else than the service has answered.');
  }

  async #answer({ method, path, query, headers, body }: ApiRequest, signal: AbortSignal) {
    const search = query === undefined ? '' : `?${query}`;
    const response = await this.#fetch(`${this.#url}${path}${search}`, {
      method,
      headers: { ...headers, authorization: `Bearer ${this.#key}` },
      ...(body && { body }),
      redirect: 'manual', // the key is for this address
      signal,
    });
    return { response, text: await response.text() };
  }
}
