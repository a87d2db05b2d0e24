import type { Clock } from '../../local/aws/clock.ts';

interface Timer {
  atMs: number;
  readonly delayMs: number;
  readonly action: () => void;
}

/** Time that passes when a test says so; what is due on the way is done, in order. */
export class TestClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<Timer>();
  readonly #watchers = new Set<() => void>();

  /** @param text when it begins @default now */
  constructor(text?: string) {
    this.#nowMs = text === undefined ? Date.now() : Date.parse(text);
  }

  readonly now = (): number => this.#nowMs;

  after(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.#nowMs + delayMs, delayMs, action };
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

  /** Goes on at once: what the actions lead to comes afterwards. */
  pass(ms: number): void {
    const endMs = this.#nowMs + ms;
    while (this.#doNext(endMs));
    this.#nowMs = endMs;
  }

  /** Goes on to an instant, and lets each action lead to what it leads to at its time. */
  async goTo(text: string): Promise<void> {
    const endMs = Date.parse(text);
    while (this.#doNext(endMs)) for (let i = 0; i < 10; i++) await Promise.resolve();
    this.#nowMs = endMs;
  }

  /** The machine sleeps: time passes and nothing is done, and timers do not count it. */
  sleepUntil(text: string): void {
    const sleptMs = Date.parse(text) - this.#nowMs;
    this.#nowMs += sleptMs;
    for (const timer of this.#timers) timer.atMs += sleptMs;
  }

  /** Whether something was due. */
  #doNext(endMs: number): boolean {
    const [due] = [...this.#timers].sort((a, b) => a.atMs - b.atMs);
    if (!due || due.atMs > endMs) return false;
    this.#timers.delete(due);
    this.#nowMs = Math.max(this.#nowMs, due.atMs);
    due.action();
    return true;
  }
}
