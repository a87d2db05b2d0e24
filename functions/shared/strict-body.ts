import * as v from 'valibot';
import { isLonger } from './plain-text.ts';
import { Problem } from './problem.ts';
import { NOT_UTF8, REPLACEMENT } from './replacement.ts';

/** How many errors an answer lists. */
const MAX_LISTED_ERRORS = 100;

/** Of a seller, in characters. */
export const MAX_USERNAME_LENGTH = 50;

/** A field of text that can be stored. */
export const text = (maxLength: number, isTooLong = isLonger) =>
  v.pipe(
    v.string('Must be text.'),
    v.check((value) => value !== '', 'Must not be empty.'),
    v.check((value) => !isTooLong(value, maxLength), `Must have at most ${maxLength} characters.`),
    v.check(
      (value) => value.isWellFormed() && !value.includes('\0'),
      'Must be text without U+0000.',
    ),
    v.check((value) => !value.includes(REPLACEMENT), NOT_UTF8),
  );

/** What a person's program has sent. @throws {Problem} 400 with everything that is wrong */
export function parseBody<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  body: unknown,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, body, { abortPipeEarly: true });
  if (result.success) return result.output;
  const errors = result.issues.slice(0, MAX_LISTED_ERRORS).map((issue) => ({
    pointer: (issue.path ?? []).map(({ key }) => `/${String(key).slice(0, 100)}`).join(''),
    code: 'invalid' as const,
    detail: issue.message,
  }));
  throw new Problem(400, {
    detail: 'The request does not fit.',
    errors,
    errorsCount: result.issues.length,
  });
}
