import type { ServerResponse } from 'node:http';
import { head } from '../../functions/shared/pages/head.ts';
import { type Html, html } from '../../functions/shared/pages/html.ts';
import { pageHeaders } from '../../functions/shared/pages/strict-headers.ts';
import { STYLE, STYLE_SHA256 } from '../../functions/shared/pages/style.ts';

/** A page of the admin proxy's own, in words that a person can act on. */
export interface Page {
  readonly status: number;
  readonly title: string;
  readonly sentences: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the browser goes at once, by itself. */
  readonly goTo?: string;
  /** Where a person may go. */
  readonly link?: { readonly href: string; readonly text: string } | undefined;
  /** Whether there is a form for the code, which goes to this same address. */
  readonly asksForCode?: boolean;
}

export function sendPage(response: ServerResponse, page: Page): void {
  const body = String(ownPage(page));
  response.writeHead(page.status, {
    ...pageHeaders(STYLE_SHA256),
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...page.headers,
  });
  response.end(body);
}

/** Looks as the admin's pages do. */
export function framed(title: string, content: Html, inHead?: Html | false): Html {
  return html`<!DOCTYPE html>
<html lang="en">
${head(`${title} · Order analytics`, STYLE, inHead)}
<body>
<header class="top"><span class="brand"><span class="brand-mark" aria-hidden="true"></span>Order analytics</span></header>
<main><section class="notice"><h1>${title}</h1>
${content}
</section></main>
</body>
</html>
`;
}

function ownPage({ title, sentences, goTo, link, asksForCode }: Page): Html {
  const way = link ?? (goTo !== undefined && { href: goTo, text: 'Go on' });
  return framed(
    title,
    html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}
${way && html`<p class="actions"><a class="button primary" href="${way.href}">${way.text}</a></p>`}
${asksForCode && CODE_FORM}`,
    goTo !== undefined && html`<meta http-equiv="refresh" content="0; url=${goTo}">`,
  );
}

const CODE_FORM = html`<form class="card pad form" method="post">
<div><label for="code">Code</label>
<input id="code" name="code" autocomplete="off" autofocus required></div>
<p class="actions"><button class="primary">Open the admin</button></p>
</form>`;
