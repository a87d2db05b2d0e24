import { type RawBuilder, sql } from 'kysely';

/**
 * What the texts of one answer may come to, by `answerBytes`. The Data API answers at most 1 MiB;
 * the rest is for what 501 rows of some short columns count.
 */
export const ANSWER_BYTES = 950_000;

/**
 * What a text counts: the JSON string that it becomes in the answer. Whether AWS counts before or
 * after that is not known, and quotation marks make the difference.
 */
export function answerBytes(text: RawBuilder<unknown>): RawBuilder<number> {
  return sql`octet_length(to_json(${text})::text)`;
}
