import { sectionText } from './examples.ts';

/** Whose sections the description has, under titles that say what somebody wants to do. */
const GUIDES: Readonly<Record<string, readonly string[]>> = {
  Authentication: ['Authentication'],
  'How to retry': ['Sending again'],
  'How to load history': ['Many orders', 'Coming from another system'],
  'How to reconcile': ['Comparing with your own orders', "How a day's digest is made"],
  'Messages that overtake each other': ['Messages that overtake each other'],
  Names: ['Names'],
  Limits: ['The body', 'How many requests'],
};

const INTRODUCTION = `Sellers' systems upload their orders, read them back, follow changes and ask for figures that are right to the cent.

**Amounts are decimals.** Answers have them as JSON numbers with exactly two decimals, of which none is lost; a parser that makes binary fractions of them may lose digits of large sums. Uploads may send them as text.

**Sending again is always right** after a 500, a 503, a time-out or a lost connection; an Idempotency-Key gets the first answer. Send what concerns one order in its order, one request at a time, or with updated_at.

**What may be added** without another version: routes, optional parameters, fields of answers and codes of errors. Ignore fields that you do not know.`;

/** What is said of the whole API: an introduction, then guides under headings, in CommonMark. */
export function description(document: string): string {
  const guides = Object.entries(GUIDES).map(([title, headings]) => {
    const texts = headings.map((heading) => sectionText(document, heading));
    return `## ${title}\n\n${texts.join('\n\n')}`;
  });
  return [INTRODUCTION, ...guides].join('\n\n');
}
