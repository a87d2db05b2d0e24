/** Small ones, since while one grows there are two of it; not so small that they are kept. */
const SHELVES = 2 ** 6;
const INITIAL_PLACES = 64;
/** Above this, looking for a free place takes long. */
const MAX_LOAD = 0.9;
const GROWTH = 1.2;

/**
 * Remembers order numbers in some 8 bytes each, as hashes of 53 bits: of three million numbers two
 * have the same one with a probability of a thousandth.
 */
export class SeenNumbers {
  /** Of different sizes: they grow one after the other, and what they leave is collected. */
  readonly #shelves = Array.from(
    { length: SHELVES },
    (_, i) => new Shelf(Math.ceil(INITIAL_PLACES * GROWTH ** (i / SHELVES))),
  );

  /** Whether it is new. */
  add(number: string): boolean {
    const { shelf, high, low } = hashOf(number);
    return this.#shelves[shelf]?.add(high, low) ?? false;
  }
}

/** Hashes that begin with the same 6 bits: of the others `low` is 32 and `high` the rest. */
class Shelf {
  #highs: Uint16Array;
  #lows: Uint32Array;
  #size = 0;

  constructor(places: number) {
    this.#highs = new Uint16Array(places);
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
    this.#highs = new Uint16Array(places);
    this.#lows = new Uint32Array(places);
    this.#size = 0;
    for (const [at, high] of highs.entries()) if (high !== 0) this.add(high, lows[at] ?? 0);
  }
}

/** cyrb53. */
function hashOf(text: string) {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2_654_435_761);
    two = Math.imul(two ^ unit, 1_597_334_677);
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(two ^ (two >>> 13), 3_266_489_909);
  two = Math.imul(two ^ (two >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return { shelf: two & 0x3f, high: ((two >>> 6) & 0x7fff) + 1, low: one >>> 0 };
}
