import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Target } from '../target/target.ts';
import { ReaderGoneError } from './body.ts';
import { listenOnBothLoopbacks } from './both-loopbacks.ts';
import { createForwarder } from './forward.ts';
import { Gate } from './gate.ts';
import { type Page, sendPage } from './page.ts';
import { HOME, pagePath } from './page-path.ts';
import { readTarget } from './request-target.ts';

export interface AdminProxyOptions {
  /** @default a free one */
  readonly port?: number;
  /** Told the code that works next, once the one before it was used. */
  readonly onCode?: (code: string) => void;
  /** Told what went wrong and is nobody's to see in the browser. */
  readonly log?: (line: string) => void;
}

export interface AdminProxy extends AsyncDisposable {
  /** Where a browser gives the code. */
  readonly address: string;
  /** Lets one browser in; the next one works once this one was used. */
  readonly code: string;
  readonly port: number;
}

/**
 * Lets a browser see the admin, which is behind IAM: a server on loopback that signs what the
 * browser asks for. It admits only browsers that gave its code, and passes on only the
 * admin's pages.
 */
export async function startAdminProxy(
  target: Target,
  options: AdminProxyOptions = {},
): Promise<AdminProxy> {
  const { port = 0, onCode, log = () => {} } = options;
  const forwarder = createForwarder(target);
  const listening = await listenOnBothLoopbacks(async (message, response) => {
    try {
      await answer(message, response);
    } catch (error) {
      if (error instanceof ReaderGoneError) return;
      log(`The admin proxy failed: ${error instanceof Error ? error.stack : String(error)}`);
      if (response.headersSent) response.destroy();
      else sendPage(response, FAILED);
    }
  }, port);
  const gate = new Gate({ port: listening.port, onCode });

  async function answer(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = readTarget(message);
    if (!asked) return sendPage(response, NO_ADDRESS);
    const refusal = (await gate.check(message, asked)) ?? ownPage(message.method, asked.path);
    if (refusal) return sendPage(response, refusal);
    const path = readPath(asked.path);
    if (typeof path !== 'string') return sendPage(response, path);
    await forwarder.forward(message, { path, query: asked.query }, response);
  }

  return {
    address: gate.door,
    get code() {
      return gate.code;
    },
    port: listening.port,
    [Symbol.asyncDispose]: async () => {
      const closed = listening[Symbol.asyncDispose]();
      forwarder.close();
      await closed;
    },
  };
}

/** What is answered here, whoever asks. */
function ownPage(method = '', path: string): Page | undefined {
  if (!['GET', 'HEAD', 'POST'].includes(method)) {
    return {
      ...NOT_FOUND,
      status: 405,
      title: 'Not in this way',
      headers: { allow: 'GET, HEAD, POST' },
    };
  }
  if (path === '/') return { status: 200, title: 'The admin', sentences: [], goTo: HOME };
  return undefined;
}

/** The path to ask for, or the page that says why there is none. */
function readPath(sent: string): string | Page {
  try {
    return pagePath(sent) ?? NOT_FOUND;
  } catch (error) {
    if (error instanceof URIError) return NO_ADDRESS;
    throw error;
  }
}

const NOT_FOUND: Page = {
  status: 404,
  title: 'Nothing here',
  sentences: [`All pages of the admin are below ${HOME}.`],
};

const NO_ADDRESS: Page = {
  status: 400,
  title: 'No such address',
  sentences: ['A request has one host, and a path that is spelled in UTF-8.'],
};

const FAILED: Page = {
  status: 502,
  title: 'This went wrong',
  sentences: ['The terminal that started the admin says what happened.'],
};
