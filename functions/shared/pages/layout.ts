import { minute } from './format.ts';
import { head } from './head.ts';
import { type Html, html } from './html.ts';
import { STYLE } from './style.ts';

export interface Page {
  readonly title: string;
  /** The ARN of the person who looks; `undefined` where nobody is known. */
  readonly viewer: string | undefined;
  /** The part of the navigation that the page belongs to. */
  readonly section?: Section;
  readonly main: Html;
}

export type Section = 'overview' | 'orders' | 'sellers' | 'uploads' | 'runs' | 'audit';

/** A whole page: head, navigation, who is looking, and its own `main`, which holds the one `h1`. */
export function layout({ title, viewer, section, main }: Page): Html {
  return html`<!DOCTYPE html>
<html lang="en">
${head(`${title} · Order analytics`, STYLE)}
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
  <a class="brand" href="/admin"><span class="brand-mark" aria-hidden="true"></span>Order analytics</a>
  <nav aria-label="Sections">${Object.entries(SECTIONS).map(
    ([name, { href, text }]) =>
      html`<a href="${href}"${name === section && html` aria-current="page"`}>${text}</a>`,
  )}</nav>
  ${viewer && html`<p class="viewer" title="${viewer}"><span class="muted">Signed in as</span> ${arn(viewer)}</p>`}
  <p class="on-paper">As of ${minute(new Date().toISOString())} UTC</p>
</header>
<main id="main" tabindex="-1">${main}</main>
<footer class="foot">Times are UTC. Nothing on these pages is kept by the browser.</footer>
</body>
</html>`;
}

/** Of a person's ARN a phone shows what is after the account. */
function arn(viewer: string): Html {
  const [ahead = ''] = /^arn:(?:[^:]*:){4}/.exec(viewer) ?? [];
  return html`<span class="arn">${ahead}</span>${viewer.slice(ahead.length)}`;
}

const SECTIONS: Readonly<Record<Section, { href: string; text: string }>> = {
  overview: { href: '/admin', text: 'Overview' },
  orders: { href: '/admin/orders', text: 'Orders' },
  sellers: { href: '/admin/sellers', text: 'Sellers' },
  uploads: { href: '/admin/uploads', text: 'Uploads' },
  runs: { href: '/admin/runs', text: 'Nightly runs' },
  audit: { href: '/admin/audit', text: 'Audit log' },
};
