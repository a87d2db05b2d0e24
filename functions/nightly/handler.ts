import { randomUUID } from 'node:crypto';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { required } from '../../db/data-api/env.ts';
import { dayOf } from '../../db/days.ts';
import { beginRun, countRun, finishRun, type RunOutcome } from '../../db/stats/nightly-runs.ts';
import { KEEP_VERSIONS_DAYS } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { withRetries } from '../shared/with-retries.ts';
import { EVENT_BUS_NAME } from './env.ts';
import { publishDay } from './events.ts';
import { parseTask } from './input.ts';
import { type ComputedDay, leftText, noProgress, totals } from './progress.ts';
import { report } from './report.ts';
import { doTask } from './run.ts';

const db = connect(databaseAddress());
const eventBridge = new EventBridge({});
const busName = required(process.env, EVENT_BUS_NAME);
const keepVersionsDays = Number(required(process.env, KEEP_VERSIONS_DAYS));

/** What each statement may take, the last one too: the time of the function's role, and its way. */
const STATEMENT_MS = 45_000;
/** What is kept of the function's time for that, and for telling how the run ended. */
const RESERVE_MS = STATEMENT_MS + 15_000;

const TRIED_AGAIN = 'daily stats tried again';

/**
 * What an invocation answers; `next` is the input that does the rest,
 * when there was no time for it.
 */
export interface DailyStatsAnswer {
  readonly run: string;
  readonly status: 'succeeded' | 'unfinished';
  readonly days_computed: number;
  readonly drift_found: number;
  /** Orders of which other items are stored than were uploaded; absent when there are none. */
  readonly orders_damaged?: number;
  readonly next?: { readonly from: string; readonly to: string };
}

/**
 * Every night, and for any period on demand: computes days from their orders,
 * and proves older ones.
 */
async function computeDailyStats(input: unknown, context: Context): Promise<DailyStatsAnswer> {
  const task = parseTask(input, dayOf(Date.now()));
  const runId = randomUUID();
  const endsAt = Date.now() + context.getRemainingTimeInMillis();
  const hasTime = () => Date.now() < endsAt - RESERVE_MS;
  const trying = <T>(work: () => Promise<T>) =>
    withRetries(context, TRIED_AGAIN, work, { marginMs: RESERVE_MS, graceMs: STATEMENT_MS });
  const ending = <T>(work: () => Promise<T>) => withRetries(context, TRIED_AGAIN, work);
  const progress = noProgress();
  const publish = (day: ComputedDay) =>
    publishDay(eventBridge, busName, day, { id: runId, kind: task.kind });
  const count = () => ending(() => countRun(db, runId));
  const finish = (outcome: Pick<RunOutcome, 'status' | 'error'>) =>
    ending(() => finishRun(db, runId, { ...outcome, ...totals(progress) }));

  await trying(() => beginRun(db, { id: runId, ...task }));
  try {
    await doTask(db, task, { runId, progress, hasTime, trying, publish, keepVersionsDays });
  } catch (error) {
    const counts = await count().catch(() => undefined);
    report('daily stats failed', { runId, task, progress, counts, error });
    // A run that has not told what it counted is left to the one that notices it.
    if (counts) await finish({ status: 'failed', error: String(error) }).catch(() => {});
    throw error;
  }
  const { next } = progress;
  const status = next ? 'unfinished' : 'succeeded';
  const counts = await count();
  // First told, then recorded as told: nobody counts the drift of a run that has an end.
  report(`daily stats ${status}`, { runId, task, progress, counts });
  await finish({ status, error: leftText(progress) });
  return {
    run: runId,
    status,
    days_computed: progress.days.length,
    drift_found: counts.drift_found,
    ...(counts.orders_damaged > 0 && { orders_damaged: counts.orders_damaged }),
    ...(next && { next: { from: next, to: task.to } }),
  };
}

export const handler = middy(computeDailyStats).use(
  injectLambdaContext(logger, { resetKeys: true }),
);
