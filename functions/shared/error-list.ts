import type { ProblemEntry } from './problem.ts';
import { shownValue } from './shown-value.ts';

/** How many errors an answer lists. */
export const MAX_LISTED_ERRORS = 100;
/** How many errors are enough: nothing is looked at after them. */
export const MAX_COUNTED_ERRORS = 100_000;
/** How many of each kind are listed before further ones of a kind that came earlier. */
const FIRST_OF_A_KIND = 3;

/** An error as it was found: its value whole, of which an answer shows the start. */
export interface FoundError extends Omit<ProblemEntry, 'value'> {
  readonly value?: unknown;
}

/** The errors of a request: all counted, and of every kind some listed. */
export class ErrorList {
  readonly #kept: { readonly error: FoundError; readonly nth: number }[] = [];
  readonly #kinds = new Map<string, number>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Whether enough were found: then `count` is "at least". */
  get isFull(): boolean {
    return this.#count >= MAX_COUNTED_ERRORS;
  }

  add(error: FoundError): void {
    if (this.isFull) return;
    this.#count += 1;
    const kind = kindOf(error);
    const nth = (this.#kinds.get(kind) ?? 0) + 1;
    this.#kinds.set(kind, nth);
    if (nth <= FIRST_OF_A_KIND || this.#kept.length < MAX_LISTED_ERRORS) {
      this.#kept.push({ error, nth: Math.min(nth, FIRST_OF_A_KIND + 1) });
    }
  }

  /**
   * The first few of every kind, then the first of all, up to 100,
   * in the order in which they were found.
   */
  listed(): ProblemEntry[] {
    return this.#kept
      .map((kept, place) => ({ ...kept, place }))
      .sort((a, b) => a.nth - b.nth || a.place - b.place)
      .slice(0, MAX_LISTED_ERRORS)
      .sort((a, b) => a.place - b.place)
      .map(({ error }) => shown(error));
  }
}

/** The same thing wrong with the same field, of whichever order or item. */
function kindOf({ code, pointer = '' }: FoundError): string {
  return `${code} ${pointer.replace(/\/\d+/g, '')}`;
}

function shown({ value, ...error }: FoundError): ProblemEntry {
  return value === undefined ? error : { ...error, value: shownValue(value) };
}
