/** Where the stand-in takes the time from, so that a test can let three minutes pass at once. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `action` once after `delayMs`, unless the returned function was called before. */
  after(delayMs: number, action: () => void): () => void;
}

/** Real time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: Date.now,
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
