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

/** The Data API gives up a statement after 45 s. */
const STATEMENT_MS = 45_000;

/** The Data API's own limit, for who has no earlier one; as if the database's clock were ours. */
export const writeLimit = (): WriteLimit => ({ writeBy: Date.now() + STATEMENT_MS });

/**
 * A condition of a statement that writes: true in time, and then PostgreSQL ends the transaction,
 * whether or not its client still waits, when the time is over. After it the statement fails with
 * SQLSTATE OA001.
 */
export function inTime({ writeBy }: WriteLimit): RawBuilder<boolean> {
  return sql<boolean>`write_before(${writeBy}) IS NOT NULL`;
}
