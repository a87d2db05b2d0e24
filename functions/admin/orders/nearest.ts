import { closestMatch } from 'leven';
import type { KnownWords } from '../../../db/admin/nearest-words.ts';

/** Something that was typed, which nothing has. */
export interface MissingPhrase {
  readonly phrase: string;
  /** Words that are there and nearly the same, if there are any. */
  readonly nearest?: string;
}

const MOST_EDITS = 3;

/** What of a search nothing has, each with what may have been meant. */
export function missingPhrases({
  phrases,
  words,
}: Pick<KnownWords, 'phrases' | 'words'>): MissingPhrase[] {
  const byLetters = new Map(words.map((word) => [word.replaceAll(' ', ''), word]));
  const known = [...byLetters.keys()];
  return phrases
    .filter(({ isThere }) => !isThere)
    .map(({ phrase }) => {
      const letters = phrase.replaceAll(' ', '');
      const maxDistance = Math.min(MOST_EDITS, Math.floor(letters.length / 2));
      const nearest = byLetters.get(closestMatch(letters, known, { maxDistance }) ?? '');
      return { phrase, ...(nearest !== undefined && { nearest }) };
    });
}
