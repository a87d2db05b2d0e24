import { type RawBuilder, sql } from 'kysely';

/** More words than these would not narrow a search down. */
const MAX_WORDS = 8;

/**
 * Every word of a text with the forms in which an item may have it; an item is found when it has each
 * word in any form.
 *
 * The index parts words at spaces alone, so a word is also asked for with the marks that may stand
 * around it, and with ё for е as many write it.
 */
export function wordForms(text: string): string[][] {
  const words = text.toLowerCase().split(/\s+/).map(bare).filter(Boolean).slice(0, MAX_WORDS);
  return words.map((word) => spellings(word).flatMap(withMarks));
}

/**
 * A condition on `order_items` named `i`: an item has all words. Looking for a word anywhere in the text
 * takes a tenth of the time that comparing all words with all forms does, and nearly always settles it.
 */
export function hasWords(words: readonly string[][]): RawBuilder<boolean> {
  const conditions = words.map((forms) => {
    const anywhere = spellings(forms[0] ?? '').map(
      (word) => sql`strpos(${ITEM_TEXT}, ${word}) > 0`,
    );
    return sql`CASE WHEN ${sql.join(anywhere, sql` OR `)}
      THEN string_to_array(${ITEM_TEXT}, ' ') && string_to_array(${forms.join(' ')}, ' ') ELSE false END`;
  });
  return sql`(${sql.join(conditions, sql` AND `)})`;
}

/** As the index has it. */
const ITEM_TEXT = sql`lower((i.sku || ' ' || i.name) COLLATE pg_c_utf8)`;

const OPENING = ['(', '[', '"', '«', '“', '„', "'"];
const CLOSING = [')', ']', '"', '»', '”', '“', "'", ',', '.', ';', ':', '!', '?'];
const PAIRS = ['()', '[]', '""', '«»', '“”', '„“', "''"];

/** The word without the marks that somebody has typed around it. */
function bare(word: string): string {
  let text = word;
  while (text.length > 1 && OPENING.includes(text[0] ?? '')) text = text.slice(1);
  while (text.length > 1 && CLOSING.includes(text.at(-1) ?? '')) text = text.slice(0, -1);
  return text;
}

function withMarks(word: string): string[] {
  return [
    word,
    ...OPENING.map((mark) => mark + word),
    ...CLOSING.map((mark) => word + mark),
    ...PAIRS.flatMap(([open, close]) => [open + word + close, `${open}${word}${close},`]),
  ];
}

/** No word has more; a text of 300 of them would be a request of more than the Data API takes. */
const MAX_PLACES = 12;

/** The word, with every ё as е, and with each е in turn as ё. */
function spellings(word: string): string[] {
  const plain = word.replaceAll('ё', 'е');
  const places = [...plain.matchAll(/е/g)].slice(0, MAX_PLACES).map(({ index }) => index);
  const dotted = places.map((at) => `${plain.slice(0, at)}ё${plain.slice(at + 1)}`);
  return [...new Set([word, plain, ...dotted])];
}
