import type { ServerResponse } from 'node:http';
import { html, raw } from 'hono/html';

/** A page of the admin proxy's own, in words that a person can act on. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly sentences: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the browser goes at once, by itself. */
  readonly goTo?: string;
  /** Whether there is a form for the code, which goes to this same address. */
  readonly asksForCode?: boolean;
}

export function sendPage(response: ServerResponse, page: Page): void {
  const body = String(document(page));
  response.writeHead(page.status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...page.headers,
  });
  response.end(body);
}

function document({ title, sentences, goTo, asksForCode }: Page) {
  return html`${raw('<!doctype html>')}
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    ${goTo && html`<meta http-equiv="refresh" content="0; url=${goTo}">`}
    <title>${title}</title>
  </head>
  <body>
    <main>
      <h1>${title}</h1>
      ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
      ${goTo && html`<p><a href="${goTo}">Go on</a></p>`}
      ${asksForCode && CODE_FORM}
    </main>
  </body>
</html>
`;
}

const CODE_FORM = html`<form method="post">
        <p><label>Code <input name="code" size="36" autocomplete="off" autofocus required></label></p>
        <p><button>Open the admin</button></p>
      </form>`;
