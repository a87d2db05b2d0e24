import { type ListedSeller, type SellerSort, sellerKey } from '../../../db/admin/sellers-list.ts';
import { addDays } from '../../../db/days.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { cardTable } from '../../shared/pages/card-table.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { inUnits } from '../../shared/pages/in-units.ts';
import { LIST_PERIODS, type SellersInput, sellersHref } from './list-input.ts';

export interface SellersPage {
  readonly input: SellersInput;
  readonly sellers: readonly ListedSeller[];
  readonly hasNext: boolean;
  /** The UTC day on which somebody looks. */
  readonly today: string;
}

export function sellersPage(page: SellersPage): Html {
  const { input, sellers, hasNext } = page;
  const last = sellers.at(-1);
  return html`<div class="head"><div><h1>Sellers</h1><p>${summary(page)}</p></div>
<p class="actions"><a class="button" href="/admin/keys">All keys</a> <a class="button" href="/admin/keys/new${input.q && `?user=${encodeURIComponent(input.q)}`}">New seller or key</a></p></div>
<form class="card filter" role="search" action="/admin/sellers">
  <label class="hidden" for="q">Seller</label>
  <div class="search"><input id="q" name="q" type="search" maxlength="${inUnits(100)}" placeholder="The beginning of a name, or a word of it" value="${input.q}">
  <button class="primary">Search</button></div>
  <input type="hidden" name="sort" value="${input.sort}"><input type="hidden" name="days" value="${input.days}">
</form>
<section class="card">
  <div class="card-head head"><h2>Orders of the last ${input.days} days</h2>
  <nav class="switch" aria-label="Days">${LIST_PERIODS.map(
    (days) =>
      html`<a href="${sellersHref(input, { days })}"${days === input.days && html` aria-current="true"`}>${days} days</a>`,
  )}</nav></div>
  ${sellers.length === 0 ? empty(input) : table(page)}
  ${
    (input.after || hasNext) &&
    html`<nav class="pages" aria-label="Pages">
    ${input.after && html`<a class="button" href="${sellersHref(input)}">First page</a>`}
    ${hasNext && last && html`<a class="button next" rel="next" href="${sellersHref(input, { after: sellerKey(last, input.sort) })}">Next →</a>`}
  </nav>`
  }
</section>`;
}

function summary({ input, sellers, hasNext }: SellersPage): string {
  if (input.after) return 'Sellers, further down';
  return hasNext
    ? `More than ${count(sellers.length)} sellers`
    : `${counted(sellers.length, 'seller')}${input.q && ' found'}`;
}

function table({ input, sellers, today }: SellersPage): Html {
  const firstDay = addDays(today, 1 - input.days);
  const orders = (seller: string) =>
    `/admin/orders?seller=${encodeURIComponent(seller)}&from=${firstDay}&to=${today}`;
  return cardTable<ListedSeller>(
    `Sellers with their orders from ${firstDay} to ${today}`,
    [
      {
        ...sorted(input, 'name', 'Seller'),
        cell: ({ username }) => html`<a href="${sellerAddress(username)}">${username}</a>`,
      },
      {
        ...sorted(input, 'orders', 'Orders'),
        kind: 'num',
        cell: ({ orders_count, username }) =>
          orders_count === 0 ? '0' : html`<a href="${orders(username)}">${count(orders_count)}</a>`,
      },
      {
        ...sorted(input, 'revenue', 'Revenue'),
        kind: 'num',
        cell: ({ total_revenue }) => money(total_revenue),
      },
      { head: 'Last order (UTC)', cell: ({ last_order }) => instant(last_order) },
      { head: 'Last upload (UTC)', cell: ({ last_upload }) => instant(last_upload) },
      { head: 'Active keys', kind: 'num', cell: ({ active_keys }) => count(active_keys) },
    ],
    sellers,
  );
}

/** A head that sorts by its column. */
function sorted(input: SellersInput, sort: SellerSort, head: string) {
  const isSorted = input.sort === sort;
  const [direction, arrow] = sort === 'name' ? ['ascending', '↑'] : ['descending', '↓'];
  return {
    head,
    attributes: isSorted && html` aria-sort="${direction}"`,
    sort: html`<a href="${sellersHref(input, { sort })}">${head}<span aria-hidden="true" class="sort">${isSorted ? arrow : '↕'}</span></a>`,
  };
}

const instant = (text: string | null) => (text ? html`<time>${text}</time>` : 'none');

function empty({ q, after }: SellersInput): Html {
  if (after) return html`<div class="empty"><h2>No sellers on this page</h2></div>`;
  return q
    ? html`<div class="empty"><h2>No seller matches</h2>
<p class="muted">Search finds the beginning of a name, and whole words of it.</p>
<p class="actions"><a class="button" href="/admin/sellers">Show all sellers</a></p></div>`
    : html`<div class="empty"><h2>No sellers yet</h2>
<p class="muted">A seller is made with its first key.</p></div>`;
}
