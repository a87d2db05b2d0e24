/** What stands between sellers' uploads and their being stored. */
export interface Capacity {
  /** API Gateway's throttle of the route: what it lets in at once, and again each second. */
  readonly burst: number;
  readonly requestsPerSecond: number;
  /** How many functions may run at once. */
  readonly functions: number;
  /** Processors of the database, which all statements under way share alike. */
  readonly processors: number;
}

export interface Uploads {
  readonly count: number;
  /** Within how many seconds all are sent for the first time, at moments of chance. */
  readonly withinS: number;
  /** Of the database's processor, for one. */
  readonly databaseMs: number;
  /** How long the function of one runs besides. */
  readonly functionMs: number;
}

/** What became of them. */
export interface BusyHour {
  /** Of all, how many were refused at the first try. */
  readonly refusedShare: number;
  /** Of all, how many were refused ten times. */
  readonly givenUpShare: number;
  /** From the first try of each to its answer, in the order of their length. */
  readonly waitsMs: readonly number[];
  /** When the last one was stored. */
  readonly storedAfterMs: number;
}

/** As docs/api.md tells clients: of up to half a second at first, twice as long each time. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 20_000;
const TRIES = 10;

interface Try {
  readonly atMs: number;
  readonly sentAtMs: number;
  readonly number: number;
}

/**
 * Plays what happens when so many uploads come at once, by times alone: each is let in or refused,
 * tried again after a while of chance, and shares the database with those under way. The same of
 * the same chance.
 *
 * @param chance from 0 up to 1
 */
export function playBusyHour(
  { burst, requestsPerSecond, functions, processors }: Capacity,
  { count, withinS, databaseMs, functionMs }: Uploads,
  chance: () => number,
): BusyHour {
  const tries = new Agenda<Try>(({ atMs }) => atMs);
  for (let i = 0; i < count; i++) {
    const atMs = chance() * withinS * 1_000;
    tries.add({ atMs, sentAtMs: atMs, number: 1 });
  }
  const entering = new Agenda<{ atMs: number; sentAtMs: number }>(({ atMs }) => atMs);
  const shared = new SharedProcessors(processors);
  const waitsMs: number[] = [];
  let [refused, givenUp, storedAfterMs] = [0, 0, 0];
  let [tokens, filledAtMs, running] = [burst, 0, 0];

  for (;;) {
    const nextMs = Math.min(tries.nextAt, entering.nextAt, shared.nextEndMs);
    if (nextMs === Number.POSITIVE_INFINITY) break;
    if (nextMs === shared.nextEndMs) {
      waitsMs.push(nextMs - shared.endNext());
      storedAfterMs = nextMs;
      running -= 1;
    } else if (nextMs === entering.nextAt) {
      shared.begin(nextMs, databaseMs, entering.take().sentAtMs);
    } else {
      const one = tries.take();
      tokens = Math.min(burst, tokens + ((nextMs - filledAtMs) / 1_000) * requestsPerSecond);
      filledAtMs = nextMs;
      if (tokens >= 1 && running < functions) {
        tokens -= 1;
        running += 1;
        entering.add({ atMs: nextMs + functionMs, sentAtMs: one.sentAtMs });
        continue;
      }
      if (one.number === 1) refused += 1;
      if (one.number === TRIES) givenUp += 1;
      else {
        const longestMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (one.number - 1));
        tries.add({ ...one, atMs: nextMs + chance() * longestMs, number: one.number + 1 });
      }
    }
  }
  return {
    refusedShare: refused / count,
    givenUpShare: givenUp / count,
    waitsMs: waitsMs.sort((a, b) => a - b),
    storedAfterMs,
  };
}

/** Work of equal size that is under way at once gets equal shares, of one processor at the most. */
class SharedProcessors {
  readonly #processors: number;
  /** What each that is under way from the start on would have had. */
  #servedMs = 0;
  #atMs = 0;
  readonly #underWay: { readonly endsAtServedMs: number; readonly sentAtMs: number }[] = [];
  #first = 0;

  constructor(processors: number) {
    this.#processors = processors;
  }

  get nextEndMs(): number {
    const next = this.#underWay[this.#first];
    if (!next) return Number.POSITIVE_INFINITY;
    return this.#atMs + (next.endsAtServedMs - this.#servedMs) / this.#rate;
  }

  begin(atMs: number, workMs: number, sentAtMs: number): void {
    this.#serveUntil(atMs);
    this.#underWay.push({ endsAtServedMs: this.#servedMs + workMs, sentAtMs });
  }

  /** @returns when it was sent */
  endNext(): number {
    const next = this.#underWay[this.#first];
    if (!next) throw new Error('Nothing is under way.');
    this.#atMs = this.nextEndMs;
    this.#servedMs = next.endsAtServedMs;
    this.#first += 1;
    return next.sentAtMs;
  }

  get #rate(): number {
    return Math.min(1, this.#processors / (this.#underWay.length - this.#first));
  }

  #serveUntil(atMs: number): void {
    if (this.#underWay.length > this.#first) this.#servedMs += (atMs - this.#atMs) * this.#rate;
    this.#atMs = atMs;
  }
}

/** What is to come, the earliest first: a binary heap. */
class Agenda<Item> {
  readonly #heap: Item[] = [];
  readonly #at: (item: Item) => number;

  constructor(at: (item: Item) => number) {
    this.#at = at;
  }

  get nextAt(): number {
    const [first] = this.#heap;
    return first === undefined ? Number.POSITIVE_INFINITY : this.#at(first);
  }

  add(item: Item): void {
    const heap = this.#heap;
    let place = heap.push(item) - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#at(heap[parent]!) <= this.#at(item)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = item;
  }

  take(): Item {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (first === undefined || last === undefined) throw new Error('Nothing is to come.');
    if (heap.length === 0) return first;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && this.#at(heap[child + 1]!) < this.#at(heap[child]!))
        child += 1;
      if (this.#at(last) <= this.#at(heap[child]!)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
    return first;
  }
}
