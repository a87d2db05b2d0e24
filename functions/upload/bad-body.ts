import { Problem } from '../shared/problem.ts';
import type { ProblemCode } from '../shared/problem-codes.ts';

/** A 400 for a body that cannot be read as a whole. */
export function badBody(code: ProblemCode, detail: string): Problem {
  return new Problem(400, {
    detail: `${detail} Nothing was stored.`,
    errors: [{ pointer: '', code, detail }],
    errorsCount: 1,
  });
}
