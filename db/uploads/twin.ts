import { sqlStateOf } from '../data-api/errors.ts';
import type { UploadRequest } from './receipt.ts';

/**
 * What `work` comes to; once more where another request with the same `Idempotency-Key` has come
 * first. That one is committed by then, so that the second look finds its receipt.
 */
export async function afterTwin<T>(
  { idempotencyKey }: UploadRequest,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (idempotencyKey !== undefined && isDuplicate(error)) return work();
    throw error;
  }
}

const isDuplicate = (error: unknown) => error instanceof Error && sqlStateOf(error) === '23505';
