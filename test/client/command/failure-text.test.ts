import { expect, it } from 'vitest';
import { failureText } from '../../../client/src/command/failure-text.ts';
import { problemError } from '../../../client/src/errors.ts';

const answer = (detail: string, entryDetail: string) =>
  problemError({
    status: 400,
    detail,
    requestId: 'r1',
    entries: [{ code: 'unknown', detail: entryDetail }],
    entriesCount: 1,
    retryAfterMs: undefined,
  });

it("what the service answers is said, with the first entry's words where those are others", () => {
  expect(failureText(answer('Nothing was stored.', 'Is none'))).toBe(
    'The service answers 400: Nothing was stored. Is none. The request was r1.',
  );
  expect(failureText(answer('The body is too much.', 'The body is too much.'))).toBe(
    'The service answers 400: The body is too much. The request was r1.',
  );
});
