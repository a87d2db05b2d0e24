import type { Health } from '../../../db/admin/health.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { counted, minute } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { verdict } from '../runs/verdict.ts';

/** What somebody may have to do something about, in a few lines. */
export function healthCard({
  health: { night, unproved_day, expiring_keys, more_expiring_keys },
  nightlyAt,
  nowMs,
}: {
  readonly health: Health;
  readonly nightlyAt: string;
  readonly nowMs: number;
}): Html {
  return html`<section class="card">
  <div class="card-head head"><h2>Health</h2><a href="/admin/runs">Nightly runs</a></div>
  <ul class="pad plain">
    <li>${verdict(night, nightlyAt, nowMs)}</li>
    ${unproved_day && html`<li>Not yet computed again from its orders: <time>${unproved_day}</time>, and perhaps days after it. Each night does some.</li>`}
    ${expiring_keys.map(
      ({ id, seller, label, expires_at }) =>
        html`<li><span class="badge warn">expires</span> Key <code>${id}</code>${label && ` (${label})`} of <a href="${sellerAddress(seller)}">${seller}</a> ends <time>${minute(expires_at)}</time>. <a href="/admin/keys/${id}/rotate">Rotate</a></li>`,
    )}
    ${more_expiring_keys > 0 && html`<li><span class="badge warn">expires</span> <a href="/admin/keys?state=active">${counted(more_expiring_keys, 'more key')}</a> of which the end is near.</li>`}
  </ul>
</section>`;
}
