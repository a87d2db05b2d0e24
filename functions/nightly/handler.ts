import { randomUUID } from 'node:crypto';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { connect, databaseAddress } from '../../db/data-api/connect.ts';
import { required } from '../../db/data-api/env.ts';
import { dayOf } from '../../db/days.ts';
import {
  beginRun,
  countRun,
  finishRun,
  type RunCounts,
  type RunOutcome,
} from '../../db/stats/nightly-runs.ts';
import { KEEP_VERSIONS_DAYS } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { withRetries } from '../shared/with-retries.ts';
import { EVENT_BUS_NAME } from './env.ts';
import { publishDays } from './events.ts';
import { parseTask, type Task } from './input.ts';
import { emitRun } from './metrics.ts';
import { computeDays, type Progress } from './run.ts';

const db = connect(databaseAddress());
const eventBridge = new EventBridge({});
const busName = required(process.env, EVENT_BUS_NAME);
const keepVersionsDays = Number(required(process.env, KEEP_VERSIONS_DAYS));

/** What is kept of the function's time for telling how the run ended. */
const RESERVE_MS = 60_000;

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
  const trying = <T>(work: () => Promise<T>) =>
    withRetries(context, TRIED_AGAIN, work, { marginMs: RESERVE_MS / 2 });
  const progress: Progress = {
    days: [],
    sample: [],
    items: { orders_checked: 0, orders_damaged: 0, damaged_examples: [] },
    next: undefined,
    versionsPruned: 0,
    refusalsPruned: 0,
  };
  const ending = <T>(work: () => Promise<T>) => withRetries(context, TRIED_AGAIN, work);
  const count = () => ending(() => countRun(db, runId));
  const finish = (outcome: Pick<RunOutcome, 'status' | 'error'>) =>
    ending(() => finishRun(db, runId, { ...outcome, ...totals(progress) }));

  await trying(() => beginRun(db, { id: runId, ...task }));
  try {
    const hasTime = () => Date.now() < endsAt - RESERVE_MS;
    await computeDays(db, task, { runId, progress, hasTime, trying, keepVersionsDays });
    await publishDays(eventBridge, busName, progress.days, { id: runId, kind: task.kind });
  } catch (error) {
    const counts = await count().catch(() => undefined);
    report('daily stats failed', runId, task, progress, counts, error);
    // A run that has not told what it counted is left to the one that notices it.
    if (counts) await finish({ status: 'failed', error: String(error) }).catch(() => {});
    throw error;
  }
  const { next } = progress;
  const status = next ? 'unfinished' : 'succeeded';
  const counts = await count();
  // First told, then recorded as told: nobody counts the drift of a run that has an end.
  report(`daily stats ${status}`, runId, task, progress, counts);
  await finish({ status });
  return {
    run: runId,
    status,
    days_computed: progress.days.length,
    drift_found: counts.drift_found,
    ...(counts.orders_damaged > 0 && { orders_damaged: counts.orders_damaged }),
    ...(next && { next: { from: next, to: task.to } }),
  };
}

function totals({ days, sample, items }: Progress) {
  const all = [...days, ...sample];
  return {
    days_checked: all.length,
    rows_checked: all.reduce((sum, day) => sum + day.rows_count, 0),
    orders_checked: items.orders_checked,
  };
}

/** The run's one line in the log, and its metrics. */
function report(
  message: string,
  runId: string,
  task: Task,
  progress: Progress,
  counts: RunCounts | undefined,
  error?: unknown,
): void {
  const hasFailed = error !== undefined;
  const isNight = task.kind === 'night' && !hasFailed && !progress.next;
  emitRun({ counts, night: isNight ? progress.days[0] : undefined, hasFailed });
  const drifted = [...progress.days, ...progress.sample].filter((day) => day.drift_found > 0);
  const { damaged_examples } = progress.items;
  const isWrong = counts && counts.drift_found + counts.orders_damaged > 0;
  const level = hasFailed ? 'error' : isWrong ? 'warn' : 'info';
  logger[level](message, {
    run: runId,
    ...task,
    ...totals(progress),
    ...counts,
    ...(progress.next && { next: progress.next }),
    ...(progress.versionsPruned > 0 && { versions_pruned: progress.versionsPruned }),
    ...(progress.refusalsPruned > 0 && { refusals_pruned: progress.refusalsPruned }),
    ...(drifted.length > 0 && {
      drift: drifted.slice(0, 10).map(({ day, drift_found, drift_examples }) => ({
        day,
        drift_found,
        examples: JSON.parse(drift_examples),
      })),
    }),
    ...(damaged_examples.length > 0 && { damaged: damaged_examples }),
    ...(error !== undefined && { error }),
  });
}

export const handler = middy(computeDailyStats).use(
  injectLambdaContext(logger, { resetKeys: true }),
);
