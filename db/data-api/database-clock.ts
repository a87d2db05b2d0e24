import { type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { sqlStateOf, TOO_LATE } from './errors.ts';
import type { WriteLimit } from './write-limit.ts';

/**
 * How long before its caller gives up a transaction must have begun to commit: PostgreSQL can no
 * longer end it then, and it takes the time in which Aurora's storage confirms it, some
 * milliseconds.
 */
const COMMIT_MS = 250;

/**
 * After how long a worse measurement than the one at hand is taken all the same: clocks are put
 * right.
 */
const RENEWED_AFTER_MS = 10 * 60_000;

/**
 * The database's clock, as far as it is known here. What a function asks for may reach the database
 * after the function has given up and answered so: only the database can refuse to do it then, and
 * only by its own clock.
 *
 * The clock is read in a call of its own, once; after that from what answers say. An answer comes
 * after the clock was read, so the database is ahead of us by *at least* the difference, and what
 * is to be over at an instant of ours never counts as over too late there: too early by no more
 * than the call took.
 */
export class DatabaseClock {
  readonly #db: Kysely<Database>;
  readonly #now: () => number;
  #known: { readonly aheadMs: number; readonly measuredAt: number } | undefined;

  /** @param now @default Date.now */
  constructor(db: Kysely<Database>, now: () => number = Date.now) {
    this.#db = db;
    this.#now = now;
  }

  /**
   * What `work` answers, which gets the limit to write by so that nothing of it is written after
   * `deadlineAt`, in milliseconds since the epoch by our clock.
   */
  async before<T>(deadlineAt: number, work: (limit: WriteLimit) => Promise<T>): Promise<T> {
    const aheadMs = this.#known?.aheadMs ?? (await this.#measure());
    const writeBy = Math.floor(deadlineAt - COMMIT_MS + aheadMs);
    try {
      return await work({ writeBy, heard: (databaseMs) => this.#heard(databaseMs) });
    } catch (error) {
      // One of the clocks may have been put right since: the next attempt reads the database's
      // anew.
      if (error instanceof Error && sqlStateOf(error) === TOO_LATE) this.#known = undefined;
      throw error;
    }
  }

  async #measure(): Promise<number> {
    const { rows } = await sql<{ database_ms: number }>`
      SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS database_ms`.execute(
      this.#db,
    );
    return this.#heard(rows[0]?.database_ms ?? Number.NaN);
  }

  #heard(databaseMs: number): number {
    const now = this.#now();
    const aheadMs = databaseMs - now;
    const { aheadMs: bestMs, measuredAt } = this.#known ?? { aheadMs: -Infinity, measuredAt: 0 };
    if (aheadMs < bestMs && now - measuredAt < RENEWED_AFTER_MS) return bestMs;
    this.#known = { aheadMs, measuredAt: now };
    return aheadMs;
  }
}
