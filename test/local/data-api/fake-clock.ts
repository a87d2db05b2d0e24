import type { Clock } from '../../../local/aws/clock.ts';

interface Timer {
  readonly at: number;
  readonly delayMs: number;
  readonly action: () => void;
}

/** Time that passes when a test says so. */
export class FakeClock implements Clock {
  #now = Date.now();
  readonly #timers = new Set<Timer>();
  readonly #watchers = new Set<() => void>();

  readonly now = (): number => this.#now;

  after(delayMs: number, action: () => void): () => void {
    const timer = { at: this.#now + delayMs, delayMs, action };
    this.#timers.add(timer);
    for (const look of this.#watchers) look();
    return () => this.#timers.delete(timer);
  }

  /** Settles when somebody waits for so long. */
  timer(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (![...this.#timers].some((timer) => timer.delayMs === delayMs)) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** What is waited for, the latest last. */
  delays(): number[] {
    return [...this.#timers].map(({ delayMs }) => delayMs);
  }

  pass(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
      if (!next || next.at > end) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.action();
    }
    this.#now = end;
  }
}
