import type { KeyStory } from '../../../db/admin/key-stories.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { keysTable } from '../keys/keys-table.ts';

/** How many of a seller's keys its page has. */
export const KEYS_SHOWN = 50;

/** @param keys one more than are shown, where there are more */
export function keysCard(keys: readonly KeyStory[], username: string): Html {
  return html`<section class="card" id="keys">
  <div class="card-head head"><h2>Keys</h2>
    <a class="button" href="/admin/keys/new?user=${encodeURIComponent(username)}">New key</a></div>
  ${
    keys.length === 0
      ? html`<p class="pad muted">No key yet: this seller’s systems cannot call the API.</p>`
      : keysTable('Keys, newest first; times are UTC', keys.slice(0, KEYS_SHOWN))
  }
  ${
    keys.length > KEYS_SHOWN &&
    html`<p class="pad muted">These are the newest ${KEYS_SHOWN}; <code>npm run keys -- list</code> has all.</p>`
  }
</section>`;
}
