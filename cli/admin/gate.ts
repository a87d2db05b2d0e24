import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ASKING, ASKING_FOR_PAGE, readCode, WRONG_CODE } from './door.ts';
import type { Page } from './page.ts';
import { HOME, pagePath } from './page-path.ts';
import type { RequestTarget } from './request-target.ts';

export interface GateOptions {
  readonly port: number;
  /** Told the code that works next, once the one before it was used. */
  readonly onCode?: (code: string) => void;
}

/** One browser that gave the code. Secrets are kept by their digests. */
interface Session {
  readonly ticket: string;
  /** The page that was asked for at the door. */
  readonly home: string;
  /** Once the ticket was used. */
  cookie?: string;
}

/**
 * Lets in the browsers that give the code, and nothing else that can reach a loopback port. Other
 * people's programs on this machine know no code; other pages in the browser get no cookie: ports
 * share their host's cookies, so each session is at a host of its own that nobody else knows, a
 * name below `localhost`. Only the door, where the code is given, has an address that can be told.
 */
export class Gate {
  readonly #options: GateOptions;
  readonly #doorHost: string;
  /** By their hosts. */
  readonly #sessions = new Map<string, Session>();
  #code = newSecret();

  constructor(options: GateOptions) {
    this.#options = options;
    this.#doorHost = `127.0.0.1:${options.port}`;
  }

  /** Where a browser gives the code. */
  get door(): string {
    return `http://${this.#doorHost}/`;
  }

  /** Lets one browser in. */
  get code(): string {
    return this.#code;
  }

  /** @returns the page to answer with, or `undefined` when the request may pass */
  async check(message: IncomingMessage, target: RequestTarget): Promise<Page | undefined> {
    const { host, path, query } = target;
    const page = askedPage(target);
    if (host === this.#doorHost) return this.#atDoor(message, path === '/' ? '/' : page);
    const session = this.#sessions.get(digest(host));
    if (!session) {
      const sentence = `The admin is at ${this.door} and answers to no other name.`;
      return { ...refused('Wrong address', [sentence]), link: this.#doorLink(page) };
    }
    if (!isOwnOrigin(message, `http://${host}`)) {
      return refused('From another site', ['Another site asked for this. Nothing was done.']);
    }
    const ticket = path === '/' ? query.get('ticket') : null;
    if (ticket !== null) return this.#enter(message, session, ticket);
    if (isFromOtherSite(message)) return fromOtherSite(message, page);
    return hasCookie(message, session) ? undefined : this.#notLetIn(page);
  }

  /** @param page what to show to who gives the code */
  async #atDoor(message: IncomingMessage, page: string | undefined): Promise<Page> {
    const { method = '', headers } = message;
    if (page === undefined) return this.#notLetIn();
    if (method === 'GET' || method === 'HEAD') return page === '/' ? ASKING : ASKING_FOR_PAGE;
    if (method !== 'POST') return { ...ASKING, status: 405, headers: { allow: 'GET, HEAD, POST' } };
    if (!isFromDoorOrFile(headers.origin, `http://${this.#doorHost}`)) {
      return refused('From another site', ['Another site asked for this. Nothing was done.']);
    }
    if (digest(await readCode(message)) !== digest(this.#code)) return WRONG_CODE;
    this.#code = newSecret();
    const host = `admin-${newSecret()}.localhost:${this.#options.port}`;
    const ticket = newSecret();
    const home = page === '/' ? HOME : page;
    this.#sessions.set(digest(host), { ticket: digest(ticket), home });
    this.#options.onCode?.(this.#code);
    return goOn(`http://${host}/?ticket=${ticket}`);
  }

  /**
   * The door cannot give a cookie to another host: the browser takes a ticket
   * there, which is used up.
   */
  #enter(message: IncomingMessage, session: Session, ticket: string): Page {
    const { home } = session;
    const isRight = digest(ticket) === session.ticket;
    if (isRight && hasCookie(message, session)) return goOn(home); // a reload
    if (!isRight || session.cookie !== undefined || message.method !== 'GET') {
      return this.#notLetIn();
    }
    const cookie = newSecret();
    session.cookie = digest(cookie);
    return goOn(home, { 'set-cookie': `admin=${cookie}; Path=/; HttpOnly; SameSite=Strict` });
  }

  #notLetIn(page?: string): Page {
    const sentences = [
      `Open ${this.door} and give it the code of the terminal that started the admin.`,
      'It lets in the browser that it is given in, once.',
    ];
    return { ...refused('Not let in', sentences), link: this.#doorLink(page) };
  }

  /** The way to a page through the door, which asks for the code. */
  #doorLink(page: string | undefined): Page['link'] {
    return page === undefined ? undefined : goOnTo(new URL(page, this.door).href);
  }
}

/** The page that a request is for, spelled as it goes on. */
function askedPage({ path, query }: RequestTarget): string | undefined {
  try {
    const page = pagePath(path);
    return page && page + (query.size > 0 ? `?${query}` : '');
  } catch {
    return undefined; // no UTF-8
  }
}

/**
 * Nothing of the admin is shown to who comes from another site, only the way on: another site can
 * have a browser open an address, but not follow a link of ours.
 */
function fromOtherSite({ headers, method }: IncomingMessage, page: string | undefined): Page {
  const isOpened = method === 'GET' && headers['sec-fetch-dest'] === 'document';
  return isOpened && page !== undefined
    ? { ...refused('From another site', [LED_HERE]), link: goOnTo(page) }
    : refused('From another site', ['Open the admin by its own address, not by a link.']);
}

const LED_HERE = 'A link of another site or program led here. Go on if you meant to:';

const goOnTo = (href: string) => ({ href, text: 'Go on to this page' });

function hasCookie({ headers }: IncomingMessage, { cookie }: Session): boolean {
  const cookies = headers.cookie?.split('; ') ?? [];
  return cookies.some(
    (text) => text.startsWith('admin=') && digest(text.slice('admin='.length)) === cookie,
  );
}

/** A page that lies in a file has no origin; some browsers say so, some name its scheme. */
function isFromDoorOrFile(origin: string | undefined, door: string): boolean {
  return origin === undefined || ['null', 'file://', door].includes(origin);
}

/**
 * Browsers send `Origin` with every form, and `null` as its value from a page that sends no
 * referrer. Then `Sec-Fetch-Site`, which no page can write either, says whether it is one of ours.
 */
function isOwnOrigin({ headers, method = '' }: IncomingMessage, origin: string): boolean {
  if (headers.origin === undefined) return method === 'GET' || method === 'HEAD';
  if (headers.origin === 'null') return headers['sec-fetch-site'] === 'same-origin';
  return headers.origin === origin;
}

/** Only our own pages and the address bar lead to a page. */
function isFromOtherSite({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return site !== undefined && site !== 'same-origin' && site !== 'none';
}

/** 128 bits, in letters that a host name may have and that a double click selects. */
const newSecret = () => randomBytes(16).toString('hex');

/** Secrets are compared by their digests, which tell nothing by how long that takes. */
const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const refused = (title: string, sentences: readonly string[]): Page => ({
  status: 403,
  title,
  sentences,
});

/**
 * Not a redirect: by one, a browser that came from another site (a terminal in a web page,
 * say) would leave the strict cookie out.
 */
const goOn = (goTo: string, headers = {}): Page => ({
  status: 200,
  title: 'Opening the admin',
  sentences: [],
  goTo,
  headers,
});
