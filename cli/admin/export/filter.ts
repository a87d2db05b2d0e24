/** What an address of the list says of the page alone. */
const PLACES = ['after', 'before', 'at'];

/** The filter of a list: its whole address, as a browser shows it, or what is behind the `?`. */
export function readFilter(text: string): URLSearchParams {
  const query = text.replace(/^[^?=]*\/admin\/orders(?=\?|$)/, '');
  const filter = new URLSearchParams(query);
  for (const name of PLACES) filter.delete(name);
  return filter;
}
