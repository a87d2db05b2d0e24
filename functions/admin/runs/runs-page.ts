import { type Html, html } from '../../shared/pages/html.ts';
import type { RunsList } from './list.ts';
import { runsTable } from './runs-table.ts';

export interface RunsPage extends RunsList {
  /** Whether these are the newest. */
  readonly isFirst: boolean;
  /** When the next run is due. */
  readonly next: string;
  /** How the last night went. */
  readonly lastNight: Html;
}

export function runsPage({ entries, older, isFirst, next, lastNight }: RunsPage): Html {
  return html`<div class="head"><h1>Nightly runs</h1><p>The next one is due at <time>${next}</time> UTC</p></div>
<p class="card pad">${lastNight}</p>
<p class="lead">The nightly job computes the day that has ended again from its orders, and some older days with it. Where the
figures differed from the orders, that is drift: it is repaired, and should never be. Where an order has other items than
were uploaded, only its seller can fix it, by uploading the order again.</p>
<div class="card">${
    entries.length === 0
      ? html`<div class="empty"><h2>No run yet</h2><p class="muted">The first one appears here when it begins.</p></div>`
      : runsTable(entries)
  }${
    (older || !isFirst) &&
    html`<nav class="pages" aria-label="Pages">
    <span>${!isFirst && html`<a class="button" href="/admin/runs">Newest runs</a>`}</span>
    <span>${older && html`<a class="button" href="/admin/runs?before=${older}">Older runs</a>`}</span>
  </nav>`
  }</div>`;
}
