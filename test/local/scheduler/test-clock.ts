import type { Clock } from '../../../local/aws/clock.ts';

/** A clock that goes on when told, and does what is due on the way, in order. */
export class TestClock implements Clock {
  #nowMs: number;
  #actions: { atMs: number; action: () => void }[] = [];

  constructor(text: string) {
    this.#nowMs = Date.parse(text);
  }

  now = () => this.#nowMs;

  after(delayMs: number, action: () => void): () => void {
    const entry = { atMs: this.#nowMs + delayMs, action };
    this.#actions.push(entry);
    return () => {
      this.#actions = this.#actions.filter((other) => other !== entry);
    };
  }

  async goTo(text: string): Promise<void> {
    const endMs = Date.parse(text);
    for (;;) {
      const [due] = this.#actions
        .filter(({ atMs }) => atMs <= endMs)
        .sort((a, b) => a.atMs - b.atMs);
      if (!due) break;
      this.#actions = this.#actions.filter((other) => other !== due);
      this.#nowMs = Math.max(this.#nowMs, due.atMs);
      due.action();
      for (let i = 0; i < 10; i++) await Promise.resolve(); // what the action led to
    }
    this.#nowMs = endMs;
  }

  /** The machine sleeps: time passes and nothing is done. */
  sleepUntil(text: string): void {
    this.#nowMs = Date.parse(text);
  }
}
