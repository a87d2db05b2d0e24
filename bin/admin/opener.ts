import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createForwarder } from './forward.ts';
import { Gate, requestUrl } from './gate.ts';
import { type Page, sendPage } from './page.ts';
import type { Target } from './target.ts';

const HOME = '/admin';

export interface OpenerOptions {
  /** Told the link that works next, once the one before it was used. */
  readonly onLink?: (link: string) => void;
  /** Told what went wrong and is nobody's to see in the browser. */
  readonly log?: (line: string) => void;
}

export interface Opener {
  /** Opens the admin in one browser; the next link works once this one was used. */
  readonly link: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Lets a browser see the admin, which is behind IAM: a server on loopback that signs what the browser
 * asks for. It admits only the browser that came by its link, and passes on only the admin's pages.
 */
export async function startOpener(target: Target, options: OpenerOptions = {}): Promise<Opener> {
  const { onLink, log = () => {} } = options;
  const http = createServer();
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const gate = new Gate({ origin, home: HOME, onLink });
  const forwarder = createForwarder(target);

  http.on('request', async (message, response) => {
    try {
      const url = requestUrl(message, origin);
      const page = gate.check(message) ?? ownPage(message.method, url);
      if (page || !url) sendPage(response, page ?? NOT_FOUND);
      else await forwarder.forward(message, url, response);
    } catch (error) {
      if (message.destroyed || response.destroyed) return; // gone before it was answered
      log(`The opener failed: ${error instanceof Error ? error.stack : String(error)}`);
      response.destroy();
    }
  });

  return {
    get link() {
      return gate.link;
    },
    port,
    close: async () => {
      const closed = new Promise((resolve) => http.close(resolve));
      http.closeAllConnections();
      forwarder.close();
      await closed;
    },
  };
}

/** What is answered here: all that is no page of the admin. */
function ownPage(method = '', url?: URL): Page | undefined {
  if (!['GET', 'HEAD', 'POST'].includes(method)) {
    return {
      ...NOT_FOUND,
      status: 405,
      title: 'Not in this way',
      headers: { allow: 'GET, HEAD, POST' },
    };
  }
  if (url?.pathname === '/') return { status: 200, title: 'The admin', sentences: [], goTo: HOME };
  return isPageOfAdmin(url?.pathname) ? undefined : NOT_FOUND;
}

/** Not `/admin/api`, which programs use, each with credentials of its own. */
function isPageOfAdmin(path = ''): boolean {
  if (path === HOME) return true;
  return path.startsWith(`${HOME}/`) && !/^\/admin\/+api(\/|$)/.test(path);
}

const NOT_FOUND: Page = {
  status: 404,
  title: 'Nothing here',
  sentences: [`All pages of the admin are below ${HOME}.`],
};
