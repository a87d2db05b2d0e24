import { type RawBuilder, sql } from 'kysely';

/** Until when something may be written. */
export interface WriteLimit {
  /** By the database's clock, in milliseconds since the epoch. */
  readonly writeBy: number;
  /**
   * Told what the database's clock said, in milliseconds since the epoch, as soon as it is known
   * here.
   */
  readonly heard?: (databaseMs: number) => void;
}

/** As long as functions have; see `triedSince`. */
const WRITING_MS = 28_000;

/** For who has no limit of their own; as if the database's clock were ours. */
export const writeLimit = (): WriteLimit => ({ writeBy: Date.now() + WRITING_MS });

/**
 * A condition of a statement that writes: true in time, and then PostgreSQL ends the transaction,
 * whether or not its client still waits, when the time is over. After it the statement fails with
 * SQLSTATE OA001.
 */
export function inTime({ writeBy }: WriteLimit): RawBuilder<boolean> {
  return sql<boolean>`write_before(${writeBy}) IS NOT NULL`;
}
