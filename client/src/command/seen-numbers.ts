/** So many that each is small: while one grows, there are two of it. */
const SHELVES = 2 ** 12;
const INITIAL_PLACES = 8;
/** Above this, looking for a free place takes long. */
const MAX_LOAD = 0.85;
const GROWTH = 1.3;

/**
 * Remembers order numbers in some 7 bytes each, as hashes of 52 bits: of three million numbers two
 * have the same one with a probability of a thousandth.
 */
export class SeenNumbers {
  readonly #shelves = Array.from({ length: SHELVES }, () => new Shelf(INITIAL_PLACES));

  /** Whether it is new. */
  add(number: string): boolean {
    const { shelf, high, low } = hashOf(number);
    return this.#shelves[shelf]?.add(high, low) ?? false;
  }
}

/** The hashes whose first 12 bits are the same: of the others 8 are `high` and 32 are `low`. */
class Shelf {
  #highs: Uint8Array;
  #lows: Uint32Array;
  #size = 0;

  constructor(places: number) {
    this.#highs = new Uint8Array(places);
    this.#lows = new Uint32Array(places);
  }

  /** @param high from 1 on: 0 is a free place */
  add(high: number, low: number): boolean {
    if (this.#size >= this.#highs.length * MAX_LOAD) this.#grow();
    let at = low % this.#highs.length;
    while (this.#highs[at] !== 0) {
      if (this.#highs[at] === high && this.#lows[at] === low) return false;
      at = (at + 1) % this.#highs.length;
    }
    this.#highs[at] = high;
    this.#lows[at] = low;
    this.#size += 1;
    return true;
  }

  #grow(): void {
    const [highs, lows] = [this.#highs, this.#lows];
    const places = Math.ceil(highs.length * GROWTH);
    this.#highs = new Uint8Array(places);
    this.#lows = new Uint32Array(places);
    this.#size = 0;
    for (const [at, high] of highs.entries()) if (high !== 0) this.add(high, lows[at] ?? 0);
  }
}

/** cyrb53, without one of its bits. */
function hashOf(text: string) {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2_654_435_761);
    two = Math.imul(two ^ unit, 1_597_334_677);
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(two ^ (two >>> 13), 3_266_489_909);
  two = Math.imul(two ^ (two >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return { shelf: (two >>> 8) % SHELVES, high: two & 0xff || 1, low: one >>> 0 };
}
