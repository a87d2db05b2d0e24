/** What an error of a problem document may be, for programs: docs/api.md says what each means. */
export const PROBLEM_CODES = [
  'missing',
  'invalid_type',
  'too_short',
  'too_long',
  'out_of_range',
  'invalid_text',
  'invalid_amount',
  'invalid_date_time',
  'outer_space',
  'invisible_character',
  'invalid_date',
  'invalid_choice',
  'invalid',
  'unknown',
  'too_many_buckets',
  'duplicate',
  'taken',
  'invalid_utf8',
  'empty_body',
  'invalid_json',
  'invalid_gzip',
  'too_many_values',
  'invalid_idempotency_key',
  'idempotency_key_reused',
  'changed_since',
  'too_old',
  'answer_too_large',
  'invalid_cursor',
  'cursor_from_another_database',
  'cursor_too_old',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Whether a text is one of them. */
export function isProblemCode(text: string): text is ProblemCode {
  return PROBLEM_CODES.some((code) => code === text);
}
