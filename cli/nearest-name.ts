import { closestMatch } from 'leven';

const MOST_EDITS = 3;

/** The name that was perhaps meant by another; `undefined` when less than half of it is right. */
export function nearestName(given: string, names: readonly string[]): string | undefined {
  const length = Math.max(given.length, 1);
  const maxDistance = Math.min(MOST_EDITS, Math.floor(length / 2));
  return closestMatch(given, [...names], { maxDistance });
}
