import type { MiddlewareObj } from '@middy/core';
import type { Kysely } from 'kysely';
import { beforeDeadline, DatabaseBusyError } from '../../db/data-api/retry.ts';
import type { Database } from '../../db/schema.ts';
import { recordRefusal, type UploadRefusal } from '../../db/uploads/refusals.ts';
import { logger } from '../shared/logger.ts';
import type { Problem, ProblemStatus } from '../shared/problem.ts';
import { toProblem } from '../shared/problem-details.ts';
import { problemSection } from '../shared/problem-type.ts';
import { requireSeller, type SellerEvent, sellerKeyOf } from '../shared/seller-key.ts';
import { FIELD_NAMES } from './input.ts';

/** How long an answer waits for it at most. */
const PATIENCE_MS = 1_000;

/**
 * For how long none is tried after one that took longer: it may still wait in the database, and
 * whoever sends nothing but mistakes would have a second of this function and a session for each.
 */
const REST_MS = 10_000;

/** What stays of the invocation's time. */
const MARGIN_MS = 500;

/** Why the seller's upload was not taken; all else is a key that is nobody's, or our own fault. */
const REFUSED: ReadonlySet<ProblemStatus> = new Set([400, 403, 409, 413, 415, 422]);

/**
 * Middleware that counts refused uploads for the people of the service, by one call of the Data
 * API that is not tried again. The answer is the same without it. A dry run is none: nothing was
 * to be stored, and whoever asked reads the answer.
 */
export function recordRefusals(db: Kysely<Database>): MiddlewareObj<SellerEvent> {
  let restsUntil = 0;
  return {
    onError: async ({ error, event, context }) => {
      const problem = toProblem(error);
      if (!REFUSED.has(problem.status) || saysDryRun(event)) return;
      if (Date.now() < restsUntil) {
        logger.warn('refusal not recorded', { detail: 'One before it took too long.' });
        return;
      }
      const leftMs = Math.min(PATIENCE_MS, context.getRemainingTimeInMillis() - MARGIN_MS);
      try {
        await beforeDeadline(recordRefusal(db, refusalOf(problem, event)), Math.max(0, leftMs));
        restsUntil = 0;
      } catch (cause) {
        const isSlow = cause instanceof DatabaseBusyError && leftMs === PATIENCE_MS;
        if (isSlow) restsUntil = Date.now() + REST_MS;
        logger.warn('refusal not recorded', { error: cause });
      }
    },
  };
}

const saysDryRun = ({ rawQueryString }: SellerEvent) =>
  new URLSearchParams(rawQueryString).get('dry_run') === 'true';

function refusalOf({ status, options }: Problem, event: SellerEvent): UploadRefusal {
  const { errors: [first] = [], errorsCount = 0 } = options;
  return {
    user: requireSeller(event),
    keyId: sellerKeyOf(event).keyId,
    requestId: event.requestContext.requestId,
    status,
    code: problemSection(status, first?.code),
    pointer: placeOf(first?.pointer, event.body),
    errorsCount,
  };
}

/**
 * A pointer into the body that has nothing in it but the contract's names and places in lists:
 * others quote what was sent, also as the names of an object whose orders are under their numbers.
 * So does the `detail` of some errors, of which nothing is kept.
 */
function placeOf(pointer = '', body: unknown): string {
  const [outside, ...parts] = pointer.split('/');
  let around: unknown = body;
  for (const part of parts) {
    if (!(Array.isArray(around) ? PLACE.test(part) : FIELD_NAMES.has(part))) return '';
    around = Object(around)[part];
  }
  return outside === '' && pointer.length <= MAX_POINTER_LENGTH ? pointer : '';
}

const PLACE = /^\d{1,7}$/;
const MAX_POINTER_LENGTH = 100;
