import { type Html, html } from '../shared/pages/html.ts';

// Above a page that asks again.

/** What it asked before is no longer so. */
export const CHANGED_MEANWHILE: Html = html`<p class="field-error" role="alert">Somebody has changed it meanwhile. Nothing was done. This is how it is now.</p>`;

/** What the form did is no longer so. */
export const SENT_BEFORE: Html = html`<p class="field-error" role="alert">This form was sent before, and was done then. Nothing was done now. This is how it is now.</p>`;
