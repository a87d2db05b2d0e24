import { QueryString } from '../query-string.ts';
import type { PageContext } from './context.ts';

/**
 * What a page's address asks for. A form sends also what was left empty, and a person empties what
 * is in an address: both are as good as not there.
 */
export function pageQuery(c: PageContext): QueryString {
  const pairs = c.env.event.rawQueryString.split('&');
  return new QueryString(pairs.filter((pair) => /=./s.test(pair)).join('&'));
}
