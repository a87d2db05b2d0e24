import { seededRandom } from '../../local/seeded-random.ts';

/** Chance that is the same for the same seed. */
export class Random {
  /** From 0 up to 1. */
  readonly next: () => number;

  constructor(seed: number) {
    this.next = seededRandom(seed);
  }

  /** A whole number, both ends included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  isTrue(probability: number): boolean {
    return this.next() < probability;
  }

  /** One of these; the first ones come more often. */
  favourite<T>(members: readonly [T, ...T[]]): T {
    return members[Math.floor(this.next() ** 2 * members.length)] ?? members[0];
  }
}
