const INITIAL_PLACES = 2 ** 16;
/** Above this, looking for a free place takes long. */
const MAX_LOAD = 0.75;

/**
 * Remembers order numbers in some 12 bytes each, as hashes of 52 bits: of three million numbers two
 * have the same one with a probability of a thousandth.
 */
export class SeenNumbers {
  #places = new Float64Array(INITIAL_PLACES);
  #size = 0;

  /** Whether it is new. */
  add(number: string): boolean {
    if (this.#size >= this.#places.length * MAX_LOAD) this.#grow();
    const isNew = insert(this.#places, hashOf(number));
    if (isNew) this.#size += 1;
    return isNew;
  }

  #grow(): void {
    const larger = new Float64Array(this.#places.length * 2);
    for (const hash of this.#places) if (hash !== 0) insert(larger, hash);
    this.#places = larger;
  }
}

function insert(places: Float64Array, hash: number): boolean {
  for (let at = hash % places.length; ; at = (at + 1) % places.length) {
    if (places[at] === hash) return false;
    if (places[at] === 0) {
      places[at] = hash;
      return true;
    }
  }
}

/** cyrb53, from 1 on. */
function hashOf(text: string): number {
  let [one, two] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 2_654_435_761);
    two = Math.imul(two ^ unit, 1_597_334_677);
  }
  one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(two ^ (two >>> 13), 3_266_489_909);
  two = Math.imul(two ^ (two >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
  return 2 ** 32 * (two & 0xfffff) + (one >>> 0) + 1;
}
