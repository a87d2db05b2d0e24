import type { Way } from './context.ts';

/** Where the admin has an order's page. */
export function orderAddress(orderNumber: string): string {
  return address('/admin/orders/', '/admin/order?number=', orderNumber);
}

/** Where the admin has a seller's page. */
export function sellerAddress(username: string): string {
  return address('/admin/sellers/', '/admin/seller?name=', username);
}

/** Where the admin lists the orders that have all of this. */
export function ordersAddress(filter: {
  readonly status?: string;
  readonly seller?: string;
  readonly from?: string;
  readonly to?: string;
}): string {
  return `/admin/orders?${new URLSearchParams(filter)}`;
}

/** The way back to a seller's page. */
export function backToSeller(username: string): Way {
  return { href: sellerAddress(username), text: `Back to ${username}` };
}

/** Where the admin has an upload's page. */
export const uploadAddress = (id: string) => `/admin/uploads/${id}`;

/** Where the admin lists a seller's uploads, and those that were refused. */
export const uploadsOf = (username: string) =>
  `/admin/uploads?seller=${encodeURIComponent(username)}`;

/**
 * HTTP APIs hand over a path decoded, cut at a `?` and with slashes of which nobody knows whether
 * they were encoded: what is more than a word goes into the query, which comes as it was sent.
 */
function address(path: string, query: string, text: string): string {
  return (/^[\p{L}\p{N}_-][\p{L}\p{N}_.-]*$/u.test(text) ? path : query) + encodeURIComponent(text);
}
