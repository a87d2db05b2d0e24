import type { KeyStory } from '../../../db/admin/key-stories.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { keyBadge } from '../../shared/pages/badge.ts';
import { type Column, cardTable } from '../../shared/pages/card-table.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { keyStory } from './key-story.ts';

/**
 * Keys with their stories and the ways to change them; none of them shows a secret.
 *
 * @param options `withSeller` says whose each is, too
 */
export function keysTable(
  caption: string,
  keys: readonly KeyStory[],
  { withSeller = false } = {},
): Html {
  const seller: Column<KeyStory> = {
    head: 'Seller',
    kind: 'text',
    cell: ({ user }) => html`<a href="${sellerAddress(user)}">${user}</a>`,
  };
  return cardTable<KeyStory>(
    caption,
    [
      { head: 'Key', cell: ({ id }) => html`<code class="unbroken">${id}</code>` },
      ...(withSeller ? [seller] : []),
      { head: 'Label', kind: 'text', cell: ({ label }) => label },
      { head: 'May', cell: ({ scopes }) => scopes.split(' ').map(scope) },
      { head: 'State', cell: ({ state }) => keyBadge(state) },
      { head: 'Story', kind: 'wide', cell: keyStory },
      { head: 'Change', cell: changes },
    ],
    keys,
  );
}

const scope = (name: string, i: number) =>
  html`${i > 0 && ', '}<span class="unbroken">${name}</span>`;

function changes({ id, state, replaced_by }: KeyStory): Html | string {
  if (state !== 'active') return '–';
  return html`<span class="unbroken">${
    replaced_by === null
      ? html`<a href="/admin/keys/${id}/rotate">Rotate<span class="hidden"> ${id}</span></a>`
      : html`<span class="muted">replaced</span>`
  } · <a href="/admin/keys/${id}/revoke">Revoke<span class="hidden"> ${id}</span></a></span>`;
}
