import { type Html, html } from '../shared/pages/html.ts';

/** Above a page that asks again, since what it asked before is no longer so. */
export const CHANGED_MEANWHILE: Html = html`<p class="field-error" role="alert">Somebody has changed it meanwhile. Nothing was done. This is how it is now.</p>`;
