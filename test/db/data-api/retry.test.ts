import { setTimeout as delay } from 'node:timers/promises';
import { DatabaseErrorException, DatabaseResumingException } from '@aws-sdk/client-rds-data';
import { describe, expect, it, vi } from 'vitest';
import { DatabaseBusyError, retrying } from '../../../db/data-api/retry.ts';

const $metadata = { httpStatusCode: 400 };
const deadlock = new DatabaseErrorException({
  message: 'ERROR: deadlock detected; SQLState: 40P01',
  $metadata,
});
const resuming = new DatabaseResumingException({ message: 'is resuming', $metadata });
const syntaxError = new DatabaseErrorException({
  message: 'ERROR: syntax error at or near "x"; Position: 1; SQLState: 42601',
  $metadata,
});

/** Options whose clock stands still but for the waiting, which takes no time. */
function options(deadlineMs: number) {
  const waits: number[] = [];
  let nowMs = 0;
  return {
    waits,
    deadlineAt: deadlineMs,
    now: () => nowMs,
    random: () => 1,
    wait: async (delayMs: number) => {
      waits.push(delayMs);
      nowMs += delayMs;
    },
  };
}

describe('retrying', () => {
  it('answers what the work answers, without waiting', async () => {
    const passing = options(30_000);
    expect(await retrying(async () => 'done', passing)).toBe('done');
    expect(passing.waits).toEqual([]);
  });

  it('does the whole work again after a passing failure, each pause longer', async () => {
    const passing = options(30_000);
    const work = vi
      .fn()
      .mockRejectedValueOnce(deadlock)
      .mockRejectedValueOnce(deadlock)
      .mockResolvedValueOnce('done');
    expect(await retrying(work, passing)).toBe('done');
    expect(passing.waits).toEqual([20, 40]);
  });

  it('lets a try that has begun by the deadline take its grace, and begins none after it', async () => {
    const late = { ...options(0), graceMs: 60_000 };
    expect(await retrying(() => delay(5, 'done'), late)).toBe('done');
    const work = vi.fn().mockRejectedValue(deadlock);
    await expect(retrying(work, late)).rejects.toThrow(new DatabaseBusyError('conflict'));
    expect(work).toHaveBeenCalledOnce();
    const never = () => new Promise<never>(() => {});
    await expect(retrying(never, { ...late, graceMs: 1 })).rejects.toThrow(
      new DatabaseBusyError('no_answer'),
    );
  });

  it('tells each retry with its reason', async () => {
    const onRetry = vi.fn();
    const work = vi.fn().mockRejectedValueOnce(resuming).mockResolvedValueOnce('done');
    await retrying(work, { ...options(30_000), onRetry });
    expect(onRetry).toHaveBeenCalledExactlyOnceWith({
      attempt: 1,
      reason: 'resuming',
      delayMs: 1_000,
    });
  });

  it('throws at once what another try cannot fix', async () => {
    const work = vi.fn().mockRejectedValue(syntaxError);
    await expect(retrying(work, options(30_000))).rejects.toBe(syntaxError);
    expect(work).toHaveBeenCalledOnce();
  });

  it('gives up at once on a statement that took too long, and would do so again', async () => {
    const canceled = new DatabaseErrorException({
      message: 'ERROR: canceling statement due to statement timeout; SQLState: 57014',
      $metadata,
    });
    const work = vi.fn().mockRejectedValue(canceled);
    await expect(retrying(work, options(30_000))).rejects.toMatchObject({
      name: 'DatabaseBusyError',
      reason: 'canceled',
      cause: canceled,
    });
    expect(work).toHaveBeenCalledOnce();
  });

  it('gives up when the next pause would outlast the deadline, with the last failure as cause', async () => {
    const passing = options(6_500);
    const failure = await retrying(() => Promise.reject(resuming), passing).catch((e) => e);
    expect(failure).toBeInstanceOf(DatabaseBusyError);
    expect(failure).toMatchObject({ reason: 'resuming', cause: resuming });
    expect(passing.waits).toEqual([1_000, 2_000, 3_000]);
  });

  it('says that the database wakes up, also of a try that was cut off while it does', async () => {
    const work = vi
      .fn()
      .mockRejectedValueOnce(resuming)
      .mockReturnValueOnce(new Promise(() => {}));
    await expect(retrying(work, options(1_001))).rejects.toMatchObject({ reason: 'resuming' });
  });

  it('gives up on work that does not answer before the deadline', async () => {
    const hanging = retrying(() => new Promise(() => {}), { ...options(0), now: () => 0 });
    await expect(hanging).rejects.toMatchObject({ name: 'DatabaseBusyError', reason: 'no_answer' });
  });
});
