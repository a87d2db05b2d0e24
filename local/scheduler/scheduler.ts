import { randomUUID } from 'node:crypto';
import type { Clock } from '../aws/clock.ts';
import type { LocalSchedule } from '../cloud-assembly/model.ts';
import type { Invoke } from '../lambda/invocation.ts';
import type { Queues } from '../queues/queues.ts';
import { deadLetter } from './dead-letter.ts';
import { parseExpression } from './expression.ts';

// Stands in for EventBridge Scheduler with Lambda functions as targets, which it starts through
// Lambda's queue of asynchronous invocations. That queue takes every event here, so of the two
// ways to try again it is always Lambda's that is used: what the function fails at, it is given
// again, and what it has failed at until the end goes to its destination on failure. It leaves out
// flexible time windows, start and end dates, and the times that passed while it was not running.

export interface SchedulerOptions {
  readonly schedules: readonly LocalSchedule[];
  readonly invoke: Invoke;
  /** Where a function's destination on failure is. */
  readonly queues: Queues;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** Timers stand still while the machine sleeps: so late may it notice that it has slept. */
const LONGEST_WAIT_MS = 60_000;

/** Of the times that passed at once: a clock that was wrong by years starts no thousands. */
const MOST_AT_ONCE = 31;

/**
 * How long Lambda waits before it gives an event again; after the first failure, after the second.
 */
const RETRY_DELAYS_MS = [60_000, 120_000];

/**
 * Starts each schedule's function when its time comes, until it is disposed of;
 * what has begun goes on.
 *
 * @throws when a schedule cannot be read
 */
export function startScheduler(options: SchedulerOptions): AsyncDisposable {
  const { schedules, invoke, queues, clock, log } = options;
  const cancels = new Map<object, () => void>();

  function wait(delayMs: number, action: () => void): void {
    const key = {};
    const cancel = clock.after(delayMs, () => {
      cancels.delete(key);
      action();
    });
    cancels.set(key, cancel);
  }

  /** Each time comes, also those that passed while the machine slept, as Scheduler never does. */
  function plan(schedule: LocalSchedule, next: (afterMs: number) => number | undefined): void {
    let dueMs = next(clock.now());
    const watch = () => {
      const passed: number[] = [];
      for (; dueMs !== undefined && dueMs <= clock.now(); dueMs = next(dueMs)) passed.push(dueMs);
      for (const atMs of passed.slice(-MOST_AT_ONCE)) {
        log(`The time of ${schedule.logicalId} has come: ${instantText(atMs)}`);
        void deliver(schedule, readInput(schedule, atMs), clock.now(), 1);
      }
      if (dueMs !== undefined) wait(Math.min(dueMs - clock.now(), LONGEST_WAIT_MS), watch);
    };
    watch();
  }

  async function deliver(
    schedule: LocalSchedule,
    event: unknown,
    sinceMs: number,
    attempt: number,
  ): Promise<void> {
    const invocation = await invoke(schedule.target, event);
    if (invocation.ok) return;
    const { error } = invocation;
    const { arn: functionArn, asyncInvoke } = schedule.target;
    const { maximumRetryAttempts, maximumEventAgeSeconds, onFailure } = asyncInvoke;
    const delayMs = RETRY_DELAYS_MS[attempt - 1] ?? Number.POSITIVE_INFINITY;
    const hasTriesLeft = attempt <= maximumRetryAttempts;
    const isTooOld = clock.now() + delayMs - sinceMs > maximumEventAgeSeconds * 1_000;
    const failed = `${schedule.logicalId} failed (${error.errorMessage})`;
    if (hasTriesLeft && !isTooOld) {
      log(`${failed} and is tried again in ${delayMs / 1_000} s`);
      return wait(delayMs, () => void deliver(schedule, event, sinceMs, attempt + 1));
    }
    if (onFailure === undefined) return log(`${failed} and is not tried again`);
    const letter = JSON.stringify(
      deadLetter({
        functionArn,
        event,
        attempts: attempt,
        condition: hasTriesLeft ? 'EventAgeExceeded' : 'RetriesExhausted',
        error,
        atMs: clock.now(),
      }),
    );
    queues.send(onFailure, letter);
    log(`Dead letter: ${letter}`);
  }

  const startMs = clock.now();
  const recurrences = schedules.map(({ expression, timezone }) =>
    parseExpression(expression, timezone, startMs),
  );
  for (const schedule of schedules) readInput(schedule, startMs); // not only when its time has come
  recurrences.forEach(({ next }, i) => {
    plan(schedules[i]!, next);
  });
  return {
    [Symbol.asyncDispose]: async () => {
      for (const cancel of cancels.values()) cancel();
    },
  };
}

/**
 * The target's input with the context attributes replaced.
 *
 * @throws when that is no JSON, which Lambda would not take
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function readInput(schedule: LocalSchedule, dueMs: number): unknown {
  const attributes: Record<string, string> = {
    'schedule-arn': schedule.arn,
    'scheduled-time': instantText(dueMs),
    'execution-id': randomUUID(),
    'attempt-number': '1',
  };
  const text = (schedule.input ?? '{}').replace(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (all, name: string) => attributes[name] ?? all,
  );
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`The input of ${schedule.logicalId} is no JSON: ${text}`, { cause });
  }
}

const instantText = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
