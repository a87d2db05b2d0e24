import { DatabaseErrorException } from '@aws-sdk/client-rds-data';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { logger } from '../../../functions/shared/logger.ts';
import { withRetries } from '../../../functions/shared/with-retries.ts';
import { lambdaContext } from '../../helpers/events.ts';

const conflict = new DatabaseErrorException({
  message: 'ERROR: deadlock detected; SQLState: 40P01',
  $metadata: { httpStatusCode: 400 },
});

afterEach(() => vi.restoreAllMocks());

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
});
