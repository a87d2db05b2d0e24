import type { KeyStory } from '../../../db/admin/key-stories.ts';
import type { KeyState } from '../../../db/keys/key-check.ts';
import type { ListedKey } from '../../../db/keys/list-keys.ts';
import { writeCursor } from '../../shared/cursor.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { keysTable } from './keys-table.ts';

export const KEY_STATES = ['active', 'expired', 'revoked'] as const satisfies KeyState[];

export interface KeysPage {
  readonly keys: readonly (KeyStory & ListedKey)[];
  readonly state: KeyState | undefined;
  /** Whether these are the first, and whether there are more. */
  readonly isFirst: boolean;
  readonly hasNext: boolean;
}

/** The keys of all sellers. */
export function keysPage({ keys, state, isFirst, hasNext }: KeysPage): Html {
  const last = keys.at(-1);
  return html`<nav class="crumbs" aria-label="Where you are"><a href="/admin/sellers">Sellers</a> › Keys</nav>
<div class="head"><div><h1>Keys</h1><p>Of all sellers: those that work before those that do not, what ends soonest first</p></div>
<p class="actions"><a class="button" href="/admin/keys/new">New key</a></p></div>
<section class="card">
  <div class="card-head head"><h2>${state ?? 'All'}</h2>
  <nav class="switch" aria-label="State">${[undefined, ...KEY_STATES].map(
    (each) =>
      html`<a href="${href(each)}"${each === state && html` aria-current="true"`}>${each ?? 'all'}</a>`,
  )}</nav></div>
  ${
    keys.length === 0
      ? html`<div class="empty"><h2>No keys</h2><p class="muted">A seller’s systems call the API with one; a seller is made with its first.</p></div>`
      : keysTable('Keys of all sellers; times are UTC', keys, { withSeller: true })
  }
  ${
    (!isFirst || hasNext) &&
    html`<nav class="pages" aria-label="Pages">
    ${!isFirst && html`<a class="button" href="${href(state)}">First page</a>`}
    ${hasNext && last && html`<a class="button next" rel="next" href="${href(state, writeCursor(last.place))}">Next →</a>`}
  </nav>`
  }
</section>`;
}

function href(state: KeyState | undefined, after?: string): string {
  const query = new URLSearchParams({
    ...(state !== undefined && { state }),
    ...(after !== undefined && { after }),
  });
  return query.size === 0 ? '/admin/keys' : `/admin/keys?${query}`;
}
