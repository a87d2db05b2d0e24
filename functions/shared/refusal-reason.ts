import type { Problem } from './problem.ts';
import type { ProblemCode } from './problem-codes.ts';

/** Why a request was not answered as asked: few enough to tell a metric apart by. */
export type RefusalReason = 'key' | 'body' | 'fields' | 'conflict' | 'not_found' | 'busy' | 'bug';

/** What is wrong with a body as a whole, before anybody looks at its fields. */
const OF_BODY: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'empty_body',
  'invalid_gzip',
  'invalid_json',
  'invalid_utf8',
  'too_many_values',
]);

/** The group of refusals that a problem belongs to. */
export function refusalReason({ status, options: { errors = [] } }: Problem): RefusalReason {
  switch (status) {
    case 401:
    case 403:
      return 'key';
    case 404:
      return 'not_found';
    case 409:
    case 422:
      return 'conflict';
    case 406:
    case 413:
    case 415:
      return 'body';
    case 503:
      return 'busy';
    case 500:
      return 'bug';
    case 400:
      return errors.some(({ code }) => OF_BODY.has(code)) ? 'body' : 'fields';
  }
}
