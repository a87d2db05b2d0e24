/**
 * Where every stand-in takes the time from, so that a test can move the whole local cloud by a day
 * at once. PostgreSQL's own clock is the machine's.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls `action` once after `delayMs`, unless the returned function was called before. */
  after(delayMs: number, action: () => void): () => void;
}

/** What an HTTP answer says that the time is: clients of AWS set their own clock by it. */
export const httpDate = ({ now }: Pick<Clock, 'now'>) => new Date(now()).toUTCString();

/** Real time. Its timers do not keep the process alive. */
export const systemClock: Clock = {
  now: Date.now,
  after: (delayMs, action) => {
    const timer = setTimeout(action, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
