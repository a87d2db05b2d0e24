import { type Html, html } from './html.ts';

/** What may be wider than a phone; it scrolls in itself, by the keyboard too. */
export function scrollable(label: string, content: Html, className = ''): Html {
  return html`<div class="scroll ${className}" tabindex="0" role="region" aria-label="${label}">${content}</div>`;
}
