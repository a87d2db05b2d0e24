import { UsageError } from '../../usage-error.ts';

/** What an address of the list says of the page alone. */
const PLACES = ['after', 'before', 'at'];

const ALL = 'all orders that are found are written';
/** What else an export's address may have, and why it is no part of a filter here. */
const NO_FILTERS: Readonly<Record<string, string>> = {
  after: 'where to go on is --after',
  before: ALL,
  at: ALL,
  limit: ALL,
  of: 'a row for each item is --items',
  delimiter: 'semicolons are --excel',
};

/**
 * The filter of a list: its whole address, as a browser shows it, or what is behind the `?`.
 *
 * @throws {UsageError} when it is the address of another page, or has what is no filter
 */
export function readFilter(text: string): URLSearchParams {
  const filter = parametersOf(text);
  for (const name of filter.keys()) {
    if (!Object.hasOwn(NO_FILTERS, name)) continue;
    throw new UsageError(`--filter ${name}: it is no filter; ${NO_FILTERS[name]}.`);
  }
  return filter;
}

function parametersOf(text: string): URLSearchParams {
  const [address = ''] = text.split('?', 1);
  if (!address.includes('/') || address.includes('=')) return new URLSearchParams(text);
  const [, query] = /^[^?#]*\/admin\/orders(?:\?([^#]*))?(?:#.*)?$/.exec(text) ?? refuse(text);
  const parameters = new URLSearchParams(query);
  for (const name of PLACES) parameters.delete(name);
  return parameters;
}

function refuse(text: string): never {
  throw new UsageError(
    `--filter ${text}: it is the address of the page of orders, /admin/orders?…, or what is behind its ?.`,
  );
}
