import { DatabaseErrorException } from '@aws-sdk/client-rds-data';
import { describe, expect, it, vi } from 'vitest';
import { asOwner } from '../../../functions/shared/as-owner.ts';

const failure = (state: string) =>
  new DatabaseErrorException({
    message: `FATAL: not now; SQLState: ${state}`,
    $metadata: { httpStatusCode: 400 },
  });
const refused = failure('28P01');

describe('asOwner', () => {
  it('works again when the password was being changed', async () => {
    const work = vi.fn().mockRejectedValueOnce(refused).mockResolvedValue('done');
    expect(await asOwner(work, async () => {})).toBe('done');
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('gives up on a password that stays wrong, after five seconds', async () => {
    const waits: number[] = [];
    const wait = async (delayMs: number) => waits.push(delayMs);
    await expect(asOwner(() => Promise.reject(refused), wait)).rejects.toBe(refused);
    const waitedMs = waits.reduce((sum, delayMs) => sum + delayMs, 0);
    expect(waitedMs).toBeGreaterThanOrEqual(4_000);
    expect(waitedMs).toBeLessThanOrEqual(5_000);
  });

  it('leaves every other failure to its caller at once', async () => {
    const work = vi.fn().mockRejectedValue(failure('42501'));
    await expect(asOwner(work)).rejects.toThrow('42501');
    expect(work).toHaveBeenCalledTimes(1);
  });
});
