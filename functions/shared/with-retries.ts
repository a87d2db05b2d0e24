import { RDSDataServiceException } from '@aws-sdk/client-rds-data';
import type { Context } from 'aws-lambda';
import { type BusyReason, DatabaseBusyError, retrying } from '../../db/data-api/retry.ts';
import { logger } from './logger.ts';
import { METRICS } from './metric-names.ts';
import { emit } from './metrics.ts';

/** What an answer needs at the end: serializing it, and its way back through API Gateway. */
const MARGIN_MS = 1_000;

/**
 * What `work` answers, tried again while it fails for a passing reason and the invocation has time:
 * each new try is a line of the log and a metric. The work must be idempotent, since an answer can
 * be lost. It is told when the trying ends, in milliseconds since the epoch, by which what it
 * writes must be written or never is.
 *
 * @param message of that line, such as `upload tried again`
 * @param options `marginMs` is what stays of the invocation's time, a second unless told otherwise;
 *   `graceMs` how much of that a try may take that has begun before, none unless told otherwise;
 *   `patienceMs` the longest that is waited, however much time there is
 * @throws {DatabaseBusyError} as `retrying`; every other error as it is
 */
export async function withRetries<T>(
  context: Pick<Context, 'getRemainingTimeInMillis'>,
  message: string,
  work: (endsAt: number) => Promise<T>,
  {
    marginMs = MARGIN_MS,
    graceMs = 0,
    patienceMs = Number.POSITIVE_INFINITY,
  }: {
    readonly marginMs?: number;
    readonly graceMs?: number;
    readonly patienceMs?: number;
  } = {},
): Promise<T> {
  const endsAt = Date.now() + Math.min(context.getRemainingTimeInMillis() - marginMs, patienceMs);
  try {
    return await retrying(() => work(endsAt), {
      deadlineAt: endsAt,
      graceMs,
      onRetry: ({ attempt, reason, delayMs }) => {
        logger.warn(message, { attempt, reason, delay_ms: delayMs });
        emit({ [METRICS.dataApiRetries]: 1 }, { reason });
      },
    });
  } catch (error) {
    if (error instanceof DatabaseBusyError) countError(error.reason);
    if (error instanceof RDSDataServiceException) countError('refused');
    throw error;
  }
}

function countError(reason: BusyReason | 'refused'): void {
  emit({ [METRICS.dataApiErrors]: 1 }, { reason });
}
