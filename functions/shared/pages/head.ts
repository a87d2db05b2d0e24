import { type Html, html, unescaped } from './html.ts';
import { ICON } from './icon.ts';

/** How every page begins, up to its body; the stylesheet is in it. */
export function head(title: string, style: string, more?: Html | false): Html {
  return html`<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${ICON}">
<style>${unescaped(style)}</style>${more}
</head>`;
}
