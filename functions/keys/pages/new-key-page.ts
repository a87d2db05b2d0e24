import type { SellerKey } from '../../../db/keys/seller-keys.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';

export interface NewKeyPage {
  /** The whole key, which nobody sees again. */
  readonly key: string;
  readonly created: SellerKey;
  /** The key in whose place it came. */
  readonly replaced?: SellerKey;
}

export function newKeyPage({ key, created, replaced }: NewKeyPage): Html {
  return html`<div class="narrow">
<h1>The new key</h1>
<div class="card pad form">
  <p><strong>Copy it now: it is shown this once.</strong> Only a hash of it is kept.</p>
  <p class="secret"><code>${key}</code></p>
  <dl class="summary">
    <dt>Seller</dt><dd>${created.user}</dd>
    <dt>Label</dt><dd>${created.label}</dd>
    <dt>May</dt><dd>${created.scopes.replaceAll(' ', ', ')}</dd>
    <dt>Expires</dt><dd>${created.expires_at ? minute(created.expires_at) : 'never'}</dd>
    ${
      replaced &&
      html`<dt>In place of</dt><dd><code>${replaced.id}</code>, which ${untilWhen(replaced)}</dd>`
    }
  </dl>
  <p class="hint">The seller’s system sends it as <code>Authorization: Bearer oa_…</code></p>
  <p class="actions"><a class="button primary" href="${sellerAddress(created.user)}">Done: I have copied it</a></p>
</div>
</div>`;
}

/**
 * A key that has ended may still be remembered by API Gateway; one that ends later is not, by then.
 */
function untilWhen({ state, expires_at }: SellerKey): string {
  return state === 'active'
    ? `works until ${minute(expires_at ?? '')}`
    : 'has ended: it is refused from now on, within a minute where it was just in use';
}
