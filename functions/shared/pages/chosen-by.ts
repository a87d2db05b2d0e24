import type { PageContext } from './context.ts';

/**
 * The header in which the admin proxy says by which options a command chooses the service that it
 * stands before: percent-encoded, for folders have names in any script.
 */
export const CHOSEN_BY = 'order-analytics-chosen-by';

/** Options as a shell reads them, each with a word or a text in quotes. */
const OPTIONS =
  /^(?:(?:^| )--(?:stage|profile|data) (?:[\w@%+=:,./-]+|'(?:[^'\p{Cc}]|'\\'')*'))+$/u;

/** What the header says, for a command that a page shows; `undefined` where it says nothing. */
export function chosenBy(c: PageContext): string | undefined {
  try {
    const options = decodeURIComponent(c.req.header(CHOSEN_BY) ?? '');
    return OPTIONS.test(options) ? options : undefined;
  } catch {
    return undefined;
  }
}
