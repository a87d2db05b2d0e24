import { setTimeout as delay } from 'node:timers/promises';
import { toError } from '../caught.ts';
import { ServiceError } from '../service-error.ts';
import type { Target } from '../target/target.ts';
import type { Terminal } from '../terminal.ts';
import { UsageError } from '../usage-error.ts';
import type { SellersArguments } from './arguments.ts';
import { askToErase, type Erased, type Seller } from './request.ts';
import { howToGoOn, outcome, progress } from './texts.ts';

/** What erasing a seller has come to, for people. */
export interface Told {
  /** Whether the signal has ended it early. */
  readonly isStopped: boolean;
  readonly text: string;
}

/**
 * Asks a person twice whether a seller is to be erased.
 *
 * @throws {UsageError} unless both answers say so
 */
export async function confirm({ user }: Seller, terminal: Terminal): Promise<void> {
  const name = await terminal.ask("The seller's name, to go on: ");
  if (name === undefined) throw new UsageError('Nothing was erased.');
  if (name.normalize() !== user.normalize())
    throw new UsageError("That is not the seller's name: nothing was erased.");
  const word = await terminal.ask(`The word erase, to erase ${user} now: `);
  if (word === undefined) throw new UsageError('Nothing was erased.');
  if (word !== 'erase') throw new UsageError('That is not the word: nothing was erased.');
}

/**
 * Has a seller erased, request by request.
 *
 * @param report is told how far it is
 * @throws {ServiceError} when the service refuses or fails; it says how to go on
 */
export async function erase(
  target: Target,
  seller: Seller,
  given: SellersArguments,
  report: (line: string) => void,
  signal: AbortSignal,
): Promise<Told> {
  let erased: Erased = NOTHING;
  try {
    for await (const erasure of erasures(target, seller.user, signal)) {
      erased = sum(erased, erasure);
      if (!erasure.done) report(progress(erased, seller, erasure.wait_s));
    }
  } catch (error) {
    const advice = howToGoOn(erased, given);
    if (signal.aborted) return { isStopped: true, text: `Stopped. ${advice}` };
    throw new ServiceError(`${toError(error).message}\n${advice}`, { cause: error });
  }
  return { isStopped: false, text: outcome(erased, seller.user) };
}

/** What each request has come to, up to the one with which the seller is gone. */
export async function* erasures(target: Target, user: string, signal: AbortSignal) {
  for (let isFirst = true; ; isFirst = false) {
    try {
      const erasure = await askToErase(target, user, signal);
      yield erasure;
      if (erasure.done) return;
      if (erasure.wait_s !== undefined) await delay(erasure.wait_s * 1_000, undefined, { signal });
    } catch (error) {
      // Gone meanwhile: by somebody else, or by a request whose answer was lost.
      if (!isFirst && error instanceof ServiceError && error.status === 404) return;
      throw error;
    }
  }
}

const NOTHING: Erased = {
  orders_deleted: 0,
  items_deleted: 0,
  versions_deleted: 0,
  receipts_deleted: 0,
  keys_deleted: 0,
};

function sum(one: Erased, other: Erased): Erased {
  return {
    orders_deleted: one.orders_deleted + other.orders_deleted,
    items_deleted: one.items_deleted + other.items_deleted,
    versions_deleted: one.versions_deleted + other.versions_deleted,
    receipts_deleted: one.receipts_deleted + other.receipts_deleted,
    keys_deleted: one.keys_deleted + other.keys_deleted,
  };
}
