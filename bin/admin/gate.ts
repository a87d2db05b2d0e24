import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Page } from './page.ts';

export interface GateOptions {
  /** The only origin by which browsers may name this server. */
  readonly origin: string;
  /** The first path to show. */
  readonly home: string;
  /** Told the link that works next, once the one before it was used. */
  readonly onLink?: (link: string) => void;
}

/**
 * Lets in the one browser that came by the link, and nothing else that can reach a loopback port: other
 * people's programs on this machine have no cookie, other sites' pages in the browser another origin.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #cookieName: string;
  readonly #sessions = new Set<string>();
  readonly #used = new Set<string>();
  #token = newSecret();

  constructor(options: GateOptions) {
    this.#options = options;
    this.#cookieName = `admin_${new URL(options.origin).port}`; // ports share their host's cookies
  }

  /** Opens the admin once. */
  get link(): string {
    return `${this.#options.origin}/?token=${this.#token}`;
  }

  /** @returns the page to answer with, or `undefined` when the request may pass */
  check(message: IncomingMessage): Page | undefined {
    const { origin } = this.#options;
    const url = requestUrl(message, origin);
    if (!url || url.origin !== origin || message.headers.host !== new URL(origin).host) {
      return refused('Wrong address', [`The admin is at ${origin} and answers to no other name.`]);
    }
    if (!isOwnOrigin(message, origin)) {
      return refused('From another site', ['Another site asked for this. Nothing was done.']);
    }
    const token = url.pathname === '/' ? url.searchParams.get('token') : null;
    if (token !== null) return this.#redeem(message, token);
    if (isFromOtherSite(message)) {
      return refused('From another site', ['Open the admin by its own link, not by this one.']);
    }
    if (!this.#hasSession(message)) {
      return refused('Not let in', [
        'Open the admin by the link in the terminal that started it.',
        'It works once and lets in the browser that it is opened in.',
      ]);
    }
    return undefined;
  }

  #redeem(message: IncomingMessage, token: string): Page {
    const { home, onLink } = this.#options;
    if (this.#hasSession(message) && this.#used.has(digest(token))) return goOn(home);
    if (message.method !== 'GET' || digest(token) !== digest(this.#token)) {
      return refused('This link does not work', [
        'It was used already, or belongs to an admin that has ended.',
        'The terminal that started the admin shows the next one.',
      ]);
    }
    this.#used.add(digest(token));
    this.#token = newSecret();
    const session = newSecret();
    this.#sessions.add(digest(session));
    onLink?.(this.link);
    return goOn(home, {
      'set-cookie': `${this.#cookieName}=${session}; Path=/; HttpOnly; SameSite=Strict`,
    });
  }

  #hasSession({ headers }: IncomingMessage): boolean {
    const cookies = headers.cookie?.split('; ') ?? [];
    const own = cookies.filter((cookie) => cookie.startsWith(`${this.#cookieName}=`));
    return own.some((cookie) =>
      this.#sessions.has(digest(cookie.slice(this.#cookieName.length + 1))),
    );
  }
}

/** The address that was asked for; a whole one in the request line names its own origin. */
export function requestUrl({ url = '' }: IncomingMessage, origin: string): URL | undefined {
  const text = url.startsWith('/') ? origin + url : url; // `//host` is a path here, not another host
  return URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * Browsers send `Origin` with every form, and `null` as its value from a page that sends no referrer.
 * Then `Sec-Fetch-Site`, which no page can write either, says whether the page is one of ours.
 */
function isOwnOrigin({ headers, method = '' }: IncomingMessage, origin: string): boolean {
  if (headers.origin === undefined) return method === 'GET' || method === 'HEAD';
  if (headers.origin === 'null') return headers['sec-fetch-site'] === 'same-origin';
  return headers.origin === origin;
}

/** `same-site` is another port of this machine, whose requests come with our cookie. */
function isFromOtherSite({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

const newSecret = () => randomBytes(32).toString('base64url');

/** Secrets are compared by their digests, which tell nothing by how long that takes. */
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const refused = (title: string, sentences: readonly string[]): Page => ({
  status: 403,
  title,
  sentences,
});

/**
 * Not a redirect: by one, a browser that came from another site (a terminal in a web page, say) would
 * leave the strict cookie out.
 */
const goOn = (goTo: string, headers = {}): Page => ({
  status: 200,
  title: 'Opening the admin',
  sentences: [],
  goTo,
  headers,
});
