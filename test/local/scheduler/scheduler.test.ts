import { beforeEach, describe, expect, it } from 'vitest';
import type { LocalFunction, LocalSchedule } from '../../../local/cloud-assembly/model.ts';
import type { Invocation } from '../../../local/lambda/invocation.ts';
import { Queues } from '../../../local/queues/queues.ts';
import { startScheduler } from '../../../local/scheduler/scheduler.ts';
import { TestClock } from '../../helpers/test-clock.ts';

const OK: Invocation = { ok: true, json: 'null', maxRssBytes: 0, cpuMs: 0 };
const FAILED: Invocation = {
  ok: false,
  timedOut: false,
  error: { errorType: 'Error', errorMessage: 'no database' },
};

const QUEUE = { logicalId: 'Queue', arn: 'arn:aws:sqs:us-east-1:000000000000:dead-letters' };

let clock: TestClock;
let invoked: { at: string; event: unknown }[];
let answers: Invocation[];
let log: string[];
let queues: Queues;
let scheduler: AsyncDisposable;

function start(fields: Partial<LocalSchedule> = {}, asyncInvoke = {}) {
  const target = {
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:nightly',
    asyncInvoke: {
      maximumRetryAttempts: 2,
      maximumEventAgeSeconds: 21_600,
      onFailure: QUEUE.arn,
      ...asyncInvoke,
    },
  } as LocalFunction;
  const schedule: LocalSchedule = {
    logicalId: 'Nightly',
    arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Nightly',
    expression: 'cron(15 0 * * ? *)',
    timezone: 'UTC',
    target,
    input: '{"scheduled_time":"<aws.scheduler.scheduled-time>"}',
    maximumRetryAttempts: 24,
    maximumEventAgeSeconds: 21_600,
    ...fields,
  };
  scheduler = startScheduler({
    schedules: [schedule],
    invoke: async (fn, event) => {
      expect(fn).toBe(target);
      invoked.push({ at: new Date(clock.now()).toISOString(), event });
      return answers.shift() ?? OK;
    },
    queues,
    clock,
    log: (line) => log.push(line),
  });
}

const letters = () => queues.waiting(QUEUE.arn).map((text) => JSON.parse(text));

beforeEach(() => {
  clock = new TestClock('2025-11-12T23:00:00Z');
  invoked = [];
  answers = [];
  log = [];
  queues = new Queues([QUEUE]);
});

describe('startScheduler', () => {
  it('refuses an input that is no JSON before its time has come', () => {
    expect(() => start({ input: '<aws.scheduler.scheduled-time>' })).toThrow(
      /^The input of Nightly is no JSON: 2025-11-12T23:00:00Z$/,
    );
  });

  it("starts the schedule's function at each of its times, with that time in the input", async () => {
    start();
    await clock.goTo('2025-11-13T00:14:59Z');
    expect(invoked).toEqual([]);
    await clock.goTo('2025-11-14T12:00:00Z');
    expect(invoked).toEqual([
      {
        at: '2025-11-13T00:15:00.000Z',
        event: { scheduled_time: '2025-11-13T00:15:00Z' },
      },
      {
        at: '2025-11-14T00:15:00.000Z',
        event: { scheduled_time: '2025-11-14T00:15:00Z' },
      },
    ]);
  });

  it('starts it within a minute after the machine slept, for each time that it was due', async () => {
    start();
    await clock.goTo('2025-11-12T23:00:30Z');
    clock.sleepUntil('2025-11-15T07:30:00Z');
    await clock.goTo('2025-11-15T07:31:00Z');
    expect(invoked).toEqual(
      [13, 14, 15].map((day) => ({
        at: '2025-11-15T07:30:30.000Z',
        event: { scheduled_time: `2025-11-${day}T00:15:00Z` },
      })),
    );
    await clock.goTo('2025-11-16T00:14:59Z');
    expect(invoked).toHaveLength(3);
  });

  it('starts it for the latest times alone where the clock was wrong by years', async () => {
    start();
    clock.sleepUntil('2035-11-15T07:30:00Z');
    await clock.goTo('2035-11-15T07:31:00Z');
    expect(invoked).toHaveLength(31);
    expect(invoked.at(-1)?.event).toEqual({ scheduled_time: '2035-11-15T00:15:00Z' });
  });

  it('replaces every context attribute, and leaves what is none', async () => {
    start({
      input:
        '{"arn":"<aws.scheduler.schedule-arn>","id":"<aws.scheduler.execution-id>","n":"<aws.scheduler.attempt-number>","x":"<aws.other>"}',
    });
    await clock.goTo('2025-11-13T00:15:00Z');
    expect(invoked[0]?.event).toEqual({
      arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Nightly',
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      n: '1',
      x: '<aws.other>',
    });
  });

  it('tries again after one and two minutes, with the same event', async () => {
    answers = [FAILED, FAILED, OK];
    start();
    await clock.goTo('2025-11-13T12:00:00Z');
    expect(invoked.map(({ at }) => at)).toEqual([
      '2025-11-13T00:15:00.000Z',
      '2025-11-13T00:16:00.000Z',
      '2025-11-13T00:18:00.000Z',
    ]);
    expect(new Set(invoked.map(({ event }) => JSON.stringify(event))).size).toBe(1);
    expect(letters()).toEqual([]);
  });

  it('leaves a dead letter when every try has failed', async () => {
    answers = [FAILED, FAILED, FAILED];
    start();
    await clock.goTo('2025-11-13T12:00:00Z');
    expect(letters()).toEqual([
      {
        version: '1.0',
        timestamp: '2025-11-13T00:18:00.000Z',
        requestContext: {
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          functionArn: 'arn:aws:lambda:us-east-1:000000000000:function:nightly:$LATEST',
          condition: 'RetriesExhausted',
          approximateInvokeCount: 3,
        },
        requestPayload: { scheduled_time: '2025-11-13T00:15:00Z' },
        responseContext: {
          statusCode: 200,
          executedVersion: '$LATEST',
          functionError: 'Unhandled',
        },
        responsePayload: { errorType: 'Error', errorMessage: 'no database' },
      },
    ]);
    expect(log.at(-1)).toBe(`Dead letter: ${queues.waiting(QUEUE.arn)[0]}`);
  });

  it('leaves no dead letter where no queue is to have it, and says that it has given up', async () => {
    answers = [FAILED, FAILED, FAILED];
    start({}, { onFailure: undefined });
    await clock.goTo('2025-11-13T12:00:00Z');
    expect(letters()).toEqual([]);
    expect(log.at(-1)).toBe('Nightly failed (no database) and is not tried again');
  });

  it('does not try again longer than the event may be old', async () => {
    answers = [FAILED, FAILED];
    start({}, { maximumEventAgeSeconds: 120 });
    await clock.goTo('2025-11-13T12:00:00Z');
    expect(invoked).toHaveLength(2);
    expect(letters()).toMatchObject([
      { requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 2 } },
    ]);
  });

  it('starts nothing once it is stopped', async () => {
    start();
    await scheduler[Symbol.asyncDispose]();
    await clock.goTo('2025-11-14T12:00:00Z');
    expect(invoked).toEqual([]);
  });

  it('refuses a schedule that it cannot read', () => {
    expect(() => start({ expression: 'cron(0 0 * * * *)' })).toThrow('cannot be read');
  });
});
