import type { Kysely } from 'kysely';
import { required } from '../../db/data-api/env.ts';
import type { Database } from '../../db/schema.ts';
import {
  type ErasedCounts,
  type EraseOptions,
  type Erasure,
  eraseSeller,
  noneErased,
} from '../../db/sellers/erase.ts';
import { logger } from '../shared/logger.ts';
import { UPLOADS_END_WITHIN_S } from './env.ts';

/** How long a request goes on with new steps: whoever waits for it sees how it goes. */
const WORK_MS = 10_000;

/** What is kept of the function's time for the last step, which may wait for a lock. */
const RESERVE_MS = 12_000;

const IN_PART = 'seller erased in part';

const comesWithinS = Number(required(process.env, UPLOADS_END_WITHIN_S));

/**
 * Deletes what there is of a seller for some 10 s, and answers how far it has come: asked again, it
 * goes on.
 */
export async function eraseForAWhile(
  db: Kysely<Database>,
  seller: { readonly id: number; readonly user: string },
  {
    by,
    writing,
    leftMs,
  }: Pick<EraseOptions, 'by' | 'writing'> & {
    /** How much of the function's time is left, in milliseconds. */
    readonly leftMs: () => number;
  },
): Promise<Erasure & ErasedCounts> {
  const endsAt = Date.now() + Math.min(WORK_MS, leftMs() - RESERVE_MS);
  const counts = noneErased();
  try {
    const hasTime = () => Date.now() < endsAt;
    const erasure = await eraseSeller(db, seller.id, {
      by,
      counts,
      writing,
      hasTime,
      comesWithinS,
    });
    logger.info(erasure.done ? 'seller erased' : IN_PART, {
      seller: seller.user,
      ...counts,
      ...erasure,
    });
    return { ...erasure, ...counts };
  } catch (error) {
    logger.warn(IN_PART, { seller: seller.user, ...counts });
    throw error;
  }
}
