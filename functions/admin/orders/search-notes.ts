import { LOOKED_AT } from '../../../db/admin/orders-list.ts';
import { MOST_WORDS, NUMBERS_LOOKED_AT, typedWords } from '../../../db/admin/search.ts';
import { SELLERS_LOOKED_AT } from '../../../db/admin/sellers-found.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { count } from '../../shared/pages/format.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import type { FoundOrders } from './found-orders.ts';
import type { ListInput } from './input.ts';

/** What a search found beside orders, and what it has not looked at. */
export function searchNotes(
  { start, filter }: ListInput,
  { page, lookup }: FoundOrders,
): Html | false {
  const { key, hasMoreSellers, ordersByPart, ordersByWords } = lookup;
  const from = start ? 'from this place on' : 'from the first one on';
  const notes = [
    key &&
      html`<code>${key.id}</code> is a key of <a href="${sellerAddress(key.seller)}#keys">${key.seller}</a>. ${key.isRevoked ? 'It is revoked.' : html`<a href="/admin/keys/${key.id}/revoke">Revoke it</a>`}`,
    page.lookedTo &&
      html`So far ${count(LOOKED_AT)} orders were looked at, ${from} as they are sorted; the next page looks at more.`,
    hasMoreSellers &&
      html`Of the sellers whose names have this, the orders of the first ${SELLERS_LOOKED_AT} by name were looked at: the filter takes one of them.`,
    typedWords(filter.q ?? '').length > MOST_WORDS &&
      html`Only the first ${MOST_WORDS} words count.`,
    ordersByWords.isPart &&
      html`Only some of the items with the rarer of these words were looked at: another word finds more.`,
    ordersByPart.isPart &&
      html`Ends and middles of order numbers are found in the ${count(NUMBERS_LOOKED_AT)} newest orders that the seller and dates leave.`,
  ].filter((note) => note !== null && note !== undefined && note !== false);
  if (notes.length === 0) return false;
  return html`<div class="card pad">${notes.map((note) => html`<p>${note}</p>`)}</div>`;
}
