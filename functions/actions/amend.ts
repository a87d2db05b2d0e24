import { hash } from 'node:crypto';
import { type AmendRequest, PERSONS_KEY } from '../../db/amend/receipt.ts';
import type { DatabaseClock } from '../../db/data-api/database-clock.ts';
import type { WriteLimit } from '../../db/data-api/write-limit.ts';
import { IdempotencyKeyReusedError } from '../../db/uploads/upload-outcome.ts';
import { doerOf, writing } from '../shared/pages/app.ts';
import type { PageContext } from '../shared/pages/context.ts';
import { Problem } from '../shared/problem.ts';

/**
 * What `work` comes to. A form that is sent twice does it once, and gets the same answer.
 *
 * @param sent `token` is the form's own, `asked` all that it asks for
 * @throws {Problem} 409 where the form was sent before and asked for something else
 */
export async function amend<T>(
  c: PageContext,
  clock: DatabaseClock,
  { token, asked }: { readonly token: string; readonly asked: readonly string[] },
  work: (request: AmendRequest, limit: WriteLimit) => Promise<T>,
): Promise<T> {
  const by = doerOf(c);
  const request = {
    keyId: PERSONS_KEY,
    requestId: by.requestId,
    bodySha256: hash('sha256', JSON.stringify(asked), 'base64'),
    idempotencyKey: `${PERSONS_KEY}:${token}`,
    by,
  };
  try {
    return await writing(c, clock, (limit) => work(request, limit));
  } catch (error) {
    if (!(error instanceof IdempotencyKeyReusedError)) throw error;
    const detail = 'This form was sent before, for something else. Nothing was done now.';
    throw new Problem(409, { detail, cause: error });
  }
}
