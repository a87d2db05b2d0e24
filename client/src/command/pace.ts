/** The service, or what is before it, is asked too much: 504 is a proxy that has waited in vain. */
const BUSY = new Set([429, 503, 504]);

/**
 * Sends requests, as many at once as the service takes: after an answer that it is busy half of
 * them, and then one more for each round of good ones (AIMD, as TCP does). Who waits to send again
 * takes nobody's place.
 */
export class Pace {
  readonly #max: number;
  readonly #send: typeof globalThis.fetch;
  readonly #waiting = new Set<() => void>();
  #limit: number;
  #underWay = 0;
  #begun = 0;
  /** How many had been begun at the last cut: they tell nothing of what it has changed. */
  #begunAtCut = 0;

  /** @param max from 1 */
  constructor(max: number, send: typeof globalThis.fetch = (...given) => fetch(...given)) {
    this.#max = max;
    this.#limit = max;
    this.#send = send;
  }

  /** How many requests there may be at once, from 1. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    await this.#turn(init?.signal ?? undefined);
    this.#begun += 1;
    const place = this.#begun;
    try {
      const response = await this.#send(input, init);
      this.#learn(place, BUSY.has(response.status));
      return response;
    } finally {
      this.#underWay -= 1;
      this.#wake();
    }
  };

  #learn(place: number, isBusy: boolean): void {
    if (!isBusy) this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit);
    else if (place > this.#begunAtCut) {
      this.#limit = Math.max(1, this.#limit / 2);
      this.#begunAtCut = this.#begun;
    }
  }

  /** Resolves when there is room for one more, which it takes. */
  async #turn(signal: AbortSignal | undefined): Promise<void> {
    while (this.#underWay >= this.limit) {
      signal?.throwIfAborted();
      await new Promise<void>((resolve) => {
        const wake = () => {
          this.#waiting.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        this.#waiting.add(wake);
        signal?.addEventListener('abort', wake);
      });
    }
    signal?.throwIfAborted();
    this.#underWay += 1;
  }

  /** As many as there is room for, those that came first. */
  #wake(): void {
    const room = this.limit - this.#underWay;
    for (const wake of [...this.#waiting].slice(0, Math.max(0, room))) wake();
  }
}
