import { composed, isLonger, nameFaults } from '../shared/plain-text.ts';
import { Problem, type ProblemEntry } from '../shared/problem.ts';
import { MAX_USERNAME_LENGTH } from '../shared/strict-body.ts';

/**
 * The username for a new key: of a seller who is there, whatever the name,
 * or of one who is to be made, whose name must look like no other.
 *
 * @param typed text that can be stored
 * @param known the username that is the same text to those who look at it;
 * `undefined` for a new seller
 * @throws {Problem} 400 with what is wrong with a new seller's name
 */
export function usernameFor(typed: string, known: string | undefined): string {
  if (known !== undefined) return known;
  const username = composed(typed);
  const faults: Pick<ProblemEntry, 'code' | 'detail'>[] = isLonger(username, MAX_USERNAME_LENGTH)
    ? [{ code: 'too_long', detail: `Must have at most ${MAX_USERNAME_LENGTH} characters.` }]
    : nameFaults(username);
  if (faults.length === 0) return username;
  throw new Problem(400, {
    detail: 'The request does not fit.',
    errors: faults.map((fault) => ({ pointer: '/user', ...fault })),
    errorsCount: faults.length,
  });
}
