import { BadRequestException, DatabaseErrorException } from '@aws-sdk/client-rds-data';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../functions/shared/logger.ts';
import { withRetries } from '../../../functions/shared/with-retries.ts';
import { emittedPoints } from '../../helpers/alarms.ts';
import { lambdaContext } from '../../helpers/events.ts';

// Before the code is loaded whose log and metrics are read here.
vi.hoisted(() => {
  Object.assign(process.env, {
    POWERTOOLS_LOG_LEVEL: 'INFO',
    POWERTOOLS_METRICS_DISABLED: 'false',
  });
});

const conflict = new DatabaseErrorException({
  message: 'ERROR: deadlock detected; SQLState: 40P01',
  $metadata: { httpStatusCode: 400 },
});

const lines: string[] = [];
beforeEach(() => {
  lines.length = 0;
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(lines.push(`${text}`)));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true); // no namespace is set
});

/** What was counted, and by what reason. */
const counted = () =>
  emittedPoints(lines).map(({ name, dimensions, value }) => [name, dimensions.reason, value]);

describe('withRetries', () => {
  it('logs each new try under the words given, with its reason and pause', async () => {
    const warn = vi.spyOn(logger, 'warn').mockReturnValue();
    let tries = 0;
    const work = async () => {
      tries += 1;
      if (tries === 1) throw conflict;
      return tries;
    };
    expect(await withRetries(lambdaContext(), 'work tried again', work)).toBe(2);
    expect(warn.mock.calls).toEqual([
      ['work tried again', { attempt: 1, reason: 'conflict', delay_ms: expect.any(Number) }],
    ]);
    expect(counted()).toEqual([['DataApiRetries', 'conflict', 1]]);
  });

  it('tells the work when it ends, the same each time: before the invocation does', async () => {
    vi.spyOn(logger, 'warn').mockReturnValue();
    const now = vi.spyOn(Date, 'now').mockReturnValue(5_000);
    const told: number[] = [];
    const work = async (endsAt: number) => {
      now.mockReturnValue(6_000);
      if (told.push(endsAt) === 1) throw conflict;
    };
    await withRetries(lambdaContext(29_000), 'work tried again', work, { marginMs: 4_000 });
    expect(told).toEqual([30_000, 30_000]);
  });

  it('waits no longer than its patience, however much time the invocation has', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(5_000);
    const told: number[] = [];
    const work = async (endsAt: number) => void told.push(endsAt);
    const context = lambdaContext(29_000);
    await withRetries(context, 'work tried again', work, { patienceMs: 12_000 });
    await withRetries(context, 'work tried again', work, { patienceMs: 60_000 });
    expect(told).toEqual([17_000, 33_000]);
  });

  it.each([
    ['when the time is over', conflict, 1_001, [['DataApiErrors', 'conflict', 1]]],
    [
      'at once',
      new BadRequestException({ message: 'no', $metadata: {} }),
      29_000,
      [['DataApiErrors', 'refused', 1]],
    ],
    ['for what the work itself finds wrong not at all', new Error('taken'), 29_000, []],
  ])('counts what failed for good: %s', async (_when, error, remainingMs, expected) => {
    const failing = () => Promise.reject(error);
    await expect(withRetries(lambdaContext(remainingMs), 'again', failing)).rejects.toThrow();
    expect(counted()).toEqual(expected);
  });
});
