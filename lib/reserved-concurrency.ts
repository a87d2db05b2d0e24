import type { Throttle } from './constructs/order-api.ts';

/**
 * How many requests of a function run at once, at most. What writes orders takes up to 29 s for a
 * request, so that without a limit it could use up the account's concurrency, and no key could be
 * checked and no figures read any more. Lambda keeps as many free for the function, and refuses to
 * leave fewer than 100 to those without: an account with the 10 of a new one can reserve nothing.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export interface ReservedConcurrency {
  readonly upload: number;
  readonly amend: number;
}

/** A stage's limits would stop a function, or refuse what its throttle lets in. */
export class ReservedConcurrencyError extends Error {
  override readonly name = 'ReservedConcurrencyError';
}

/**
 * The limits themselves.
 *
 * @param throttle of the routes that these functions answer
 * @throws {ReservedConcurrencyError}
 */
export function checkedConcurrency(
  reserved: ReservedConcurrency | undefined,
  throttle: Throttle,
): Partial<ReservedConcurrency> {
  for (const [name, count] of Object.entries(reserved ?? {})) {
    if (!Number.isInteger(count) || count < 1) {
      throw new ReservedConcurrencyError(
        `${count} is no number of requests of ${name} at once: it takes a whole one from 1.`,
      );
    }
    if (count < throttle.burst) {
      throw new ReservedConcurrencyError(
        `API Gateway lets ${throttle.burst} requests of ${name} in at once, of which Lambda would refuse all but ${count}: reserve at least as many, or lower the burst.`,
      );
    }
  }
  return reserved ?? {};
}
