import { type ListedSeller, type SellerSort, sellerKey } from '../../../db/admin/sellers-list.ts';
import { addDays } from '../../../db/days.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { count, counted, money } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { scrollable } from '../../shared/pages/scrollable.ts';
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
<p class="actions"><a class="button" href="/admin/keys/new${input.q && `?user=${encodeURIComponent(input.q)}`}">New seller or key</a></p></div>
<form class="card filter" role="search" action="/admin/sellers">
  <label class="hidden" for="q">Seller</label>
  <div class="search"><input id="q" name="q" type="search" maxlength="100" placeholder="The beginning of a name, or a word of it" value="${input.q}">
  <button class="primary">Search</button></div>
  <input type="hidden" name="sort" value="${input.sort}"><input type="hidden" name="days" value="${input.days}">
</form>
<section class="card">
  <div class="card-head head"><h2>Orders of the last ${input.days} days</h2>
  <nav class="switch" aria-label="Days">${LIST_PERIODS.map(
    (days) =>
      html`<a href="${sellersHref(input, { days })}"${days === input.days && html` aria-current="true"`}>${days} days</a>`,
  )}</nav></div>
  ${sellers.length === 0 ? empty(input) : scrollable('Sellers', table(page))}
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
  const head = (sort: SellerSort, text: string, kind = '') => {
    const isSorted = input.sort === sort;
    const direction = sort === 'name' ? 'ascending' : 'descending';
    return html`<th scope="col" class="${kind}"${isSorted && html` aria-sort="${direction}"`}><a href="${sellersHref(input, { sort })}">${text}<span aria-hidden="true" class="sort">${isSorted ? (sort === 'name' ? '↑' : '↓') : '↕'}</span></a></th>`;
  };
  return html`<table>
    <caption class="hidden">Sellers with their orders from ${firstDay} to ${today}</caption>
    <thead><tr>
      ${head('name', 'Seller')}${head('orders', 'Orders', 'num')}${head('revenue', 'Revenue', 'num')}
      <th scope="col">Last order (UTC)</th><th scope="col">Last upload (UTC)</th><th scope="col" class="num">Active keys</th>
    </tr></thead>
    <tbody>${sellers.map((seller) => {
      const orders = `/admin/orders?seller=${encodeURIComponent(seller.username)}&from=${firstDay}&to=${today}`;
      return html`<tr>
      <th scope="row"><a href="${sellerAddress(seller.username)}">${seller.username}</a></th>
      <td class="num">${seller.orders_count === 0 ? '0' : html`<a href="${orders}">${count(seller.orders_count)}</a>`}</td>
      <td class="num">${money(seller.total_revenue)}</td>
      <td>${seller.last_order ? html`<time>${seller.last_order}</time>` : 'none'}</td>
      <td>${seller.last_upload ? html`<time>${seller.last_upload}</time>` : 'none'}</td>
      <td class="num">${count(seller.active_keys)}</td>
    </tr>`;
    })}</tbody>
  </table>`;
}

function empty({ q, after }: SellersInput): Html {
  if (after) return html`<div class="empty"><h2>No sellers on this page</h2></div>`;
  return q
    ? html`<div class="empty"><h2>No seller matches</h2>
<p class="muted">Search finds the beginning of a name, and whole words of it.</p>
<p class="actions"><a class="button" href="/admin/sellers">Show all sellers</a></p></div>`
    : html`<div class="empty"><h2>No sellers yet</h2>
<p class="muted">A seller is made with its first key.</p></div>`;
}
