import { ordersAnywhere } from '../../../../db/admin/lookup.ts';
import { type Html, html } from '../../../shared/pages/html.ts';
import type { FoundOrders } from '../found-orders.ts';
import { type ListInput, listParameters } from '../input.ts';
import { exportName } from './name.ts';

/**
 * From how many orders on a file may not hold all: so few fill one if their texts are the longest.
 */
const MANY_FOR_A_FILE = 5_000;

/** What the found orders are downloaded by, and the command that has no end. */
export function exportForm(input: ListInput, found: FoundOrders): Html {
  const { chosenBy } = found;
  const filter = String(listParameters(input));
  const name = exportName('orders', input.filter);
  const mayBeCut = mostOrders(input, found) > MANY_FOR_A_FILE;
  return html`<details class="export"><summary class="button">Export</summary>
<form class="card pad form" action="/admin/orders.csv">
  <fieldset><legend>A row for each</legend>
    ${[...listParameters(input)].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
    ${choice('of', 'orders', 'order', true)}
    ${choice('of', 'items', 'item of an order')}
  </fieldset>
  <fieldset><legend>Written for</legend>
    ${choice('delimiter', 'comma', 'programs: commas, 2500.00', true)}
    ${choice('delimiter', 'semicolon', 'Excel where numbers have a decimal comma: semicolons, 2500,00')}
  </fieldset>
  <button class="primary">Download CSV</button>
  <p class="hint">${mayBeCut ? html`<strong>These may be too many for one file:</strong> it` : 'A file'} holds some 70,000 orders or 40,000
  items, fewer with long texts. One that is cut says in its name how many it has. All of them, however many there are:</p>
  <pre class="secret"><code>npm run -s admin -- export --format csv${filter && ` --filter '${filter}'`}${chosenBy && ` ${chosenBy}`} &gt; ${name}.csv</code></pre>
  <p class="hint">${!chosenBy && html`With <code>--stage</code> for a deployed stage, <code>--data</code> for a local service in a folder of its own. `}<code>--items</code>, <code>--excel</code> or <code>--format ndjson</code> write the other forms.</p>
</form></details>`;
}

/** No more orders than these are found; few of what is counted may have what is not. */
function mostOrders({ filter, start }: ListInput, { page, counts, lookup }: FoundOrders): number {
  if (!start && !page.hasNext) return page.orders.length;
  const named = filter.q ? ordersAnywhere(lookup) : 'many';
  return named === 'many' ? counts.total : Math.min(named, counts.total);
}

function choice(name: string, value: string, text: string, isChosen = false): Html {
  return html`<label class="check"><input type="radio" name="${name}" value="${value}"${isChosen && html` checked`}> ${text}</label>`;
}
