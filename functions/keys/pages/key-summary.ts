import type { SellerKey } from '../../../db/keys/seller-keys.ts';
import { keyBadge } from '../../shared/pages/badge.ts';
import { hour, minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

/** Which key it is. */
export function keySummary(key: SellerKey): Html {
  return html`<dl class="summary">
    <dt>Key</dt><dd><code class="unbroken">${key.id}</code> ${keyBadge(key.state)}</dd>
    <dt>Seller</dt><dd>${key.user}</dd>
    <dt>Label</dt><dd>${key.label}</dd>
    <dt>May</dt><dd>${key.scopes.replaceAll(' ', ', ')}</dd>
    <dt>Created</dt><dd>${minute(key.created_at)}</dd>
    <dt>Last used</dt><dd>${key.last_used_at ? hour(key.last_used_at) : 'never'}</dd>
    <dt>Expires</dt><dd>${key.expires_at ? minute(key.expires_at) : 'never'}</dd>
  </dl>`;
}
