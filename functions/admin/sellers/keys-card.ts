import type { SellerKey } from '../../../db/keys/seller-keys.ts';
import { keyBadge } from '../../shared/pages/badge.ts';
import { cardTable } from '../../shared/pages/card-table.ts';
import { minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

/** A seller's keys, with the ways to change them; none of them shows a secret. */
export function keysCard(keys: readonly SellerKey[], username: string): Html {
  return html`<section class="card">
  <div class="card-head head"><h2>Keys</h2>
    <a class="button" href="/admin/keys/new?user=${encodeURIComponent(username)}">New key</a></div>
  ${keys.length === 0 ? html`<p class="pad muted">No key yet: this seller’s systems cannot call the API.</p>` : table(keys)}
</section>`;
}

function table(keys: readonly SellerKey[]): Html {
  return cardTable<SellerKey>(
    'Keys, newest first; times are UTC',
    [
      { head: 'Key', cell: ({ id }) => html`<code class="unbroken">${id}</code>` },
      { head: 'Label', kind: 'text', cell: ({ label }) => label },
      { head: 'May', cell: ({ scopes }) => scopes.split(' ').map(scope) },
      { head: 'State', cell: ({ state }) => keyBadge(state) },
      { head: 'Created', cell: ({ created_at }) => instant(created_at) },
      { head: 'Last used', cell: ({ last_used_at }) => instant(last_used_at) },
      { head: 'Expires', cell: ({ expires_at }) => instant(expires_at) },
      { head: 'Change', cell: changes },
    ],
    keys,
  );
}

const scope = (name: string, i: number) =>
  html`${i > 0 && ', '}<span class="unbroken">${name}</span>`;

const instant = (text: string | null) =>
  text === null ? 'never' : html`<time>${minute(text)}</time>`;

function changes({ id, state, replaced_by }: SellerKey): Html | string {
  if (state !== 'active') return '–';
  return html`<span class="unbroken">${
    replaced_by === null
      ? html`<a href="/admin/keys/${id}/rotate">Rotate<span class="hidden"> ${id}</span></a>`
      : html`<span class="muted">replaced</span>`
  } · <a href="/admin/keys/${id}/revoke">Revoke<span class="hidden"> ${id}</span></a></span>`;
}
