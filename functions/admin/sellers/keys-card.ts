import type { SellerKey } from '../../../db/keys/seller-keys.ts';
import { keyBadge } from '../../shared/pages/badge.ts';
import { minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';

/** A seller's keys, with the ways to change them; none of them shows a secret. */
export function keysCard(keys: readonly SellerKey[], username: string): Html {
  return html`<section class="card">
  <div class="card-head head"><h2>Keys</h2>
    <a class="button" href="/admin/keys/new?user=${encodeURIComponent(username)}">New key</a></div>
  ${keys.length === 0 ? html`<p class="pad muted">No key yet: this seller’s systems cannot call the API.</p>` : table(keys)}
</section>`;
}

function table(keys: readonly SellerKey[]): Html {
  return scrollable(
    'Keys',
    html`<table>
    <caption class="hidden">Keys, newest first; times are UTC</caption>
    <thead><tr>
      <th scope="col">Key</th><th scope="col">Label</th><th scope="col">May</th><th scope="col">State</th>
      <th scope="col">Created</th><th scope="col">Last used</th><th scope="col">Expires</th><th scope="col">Change</th>
    </tr></thead>
    <tbody>${keys.map(
      (key) => html`<tr>
      <th scope="row"><code>${key.id}</code></th>
      <td>${key.label}</td>
      <td>${key.scopes.replaceAll(' ', ', ')}</td>
      <td>${keyBadge(key.state)}</td>
      <td><time>${minute(key.created_at)}</time></td>
      <td>${key.last_used_at ? html`<time>${minute(key.last_used_at)}</time>` : 'never'}</td>
      <td>${key.expires_at ? html`<time>${minute(key.expires_at)}</time>` : 'never'}</td>
      <td>${changes(key)}</td>
    </tr>`,
    )}</tbody>
  </table>`,
  );
}

function changes({ id, state, replaced_by }: SellerKey): Html | string {
  if (state !== 'active') return '–';
  return html`${
    replaced_by === null
      ? html`<a href="/admin/keys/${id}/rotate">Rotate<span class="hidden"> ${id}</span></a> · `
      : html`<span class="muted">replaced</span> · `
  }<a href="/admin/keys/${id}/revoke">Revoke<span class="hidden"> ${id}</span></a>`;
}
