import * as v from 'valibot';
import { isJsonString, numberText } from '../shared/json-number.ts';
import { canonicalAmount } from './amount.ts';
import { canonicalInstant } from './instant.ts';

/** An error's text in a schema: a code for programs and a sentence for people. */
export function rule(code: string, detail: string): string {
  return `${code}: ${detail}`;
}

/** The code and the sentence of a `rule`. */
export function splitRule(message: string): { code: string; detail: string } {
  const colon = message.indexOf(': ');
  return { code: message.slice(0, colon), detail: message.slice(colon + 2) };
}

/** An object's needed fields; all others are ignored. */
export function fields<const TEntries extends v.ObjectEntries>(entries: TEntries) {
  return v.object(entries, rule('missing', 'Is missing.'));
}

const string = () => v.custom<string>(isJsonString, rule('invalid_type', 'Must be a string.'));

/** Text of 1 to `maxLength` characters, as PostgreSQL counts and accepts them. */
export function text(maxLength: number) {
  return v.pipe(
    string(),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const { value } = dataset;
      if (value === '') addIssue({ message: rule('too_short', 'Must not be empty.') });
      if (value.length > maxLength && [...value].length > maxLength) {
        addIssue({ message: rule('too_long', `Must have at most ${maxLength} characters.`) });
      }
      if (value.includes('\0') || !value.isWellFormed()) {
        addIssue({
          message: rule('invalid_text', 'Must not contain U+0000 or half of a surrogate pair.'),
        });
      }
    }),
  );
}

/** A JSON number or decimal string; becomes decimal text with 2 places. */
export function amount(integerDigits: number) {
  const limit = `${'9'.repeat(integerDigits)}.99`;
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, string>(({ dataset, addIssue, NEVER }) => {
      const written = numberText(dataset.value) ?? dataset.value;
      if (typeof written !== 'string') {
        addIssue({ message: rule('invalid_type', 'Must be a number or a decimal string.') });
        return NEVER;
      }
      const result = canonicalAmount(written, integerDigits);
      if ('amount' in result) return result.amount;
      const detail =
        result.code === 'out_of_range'
          ? `Must be from -${limit} to ${limit}.`
          : 'Must be a decimal number such as 1234.50, with a point, at most 2 decimals and no exponent.';
      addIssue({ message: rule(result.code, detail) });
      return NEVER;
    }),
  );
}

/** An RFC 3339 date-time with an offset; becomes the same instant in UTC with microseconds. */
export function instant() {
  return v.pipe(
    string(),
    v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
      const instantText = canonicalInstant(dataset.value);
      if (instantText !== undefined) return instantText;
      addIssue({
        message: rule(
          'invalid_date_time',
          'Must be an existing date and time of the years 1970 to 9999 with its offset, such as 2025-11-12T10:00:00Z.',
        ),
      });
      return NEVER;
    }),
  );
}

const WHOLE_NUMBER = /^(-?)(\d+)(?:\.0+)?$/;
const MAX_INTEGER = 2_147_483_647;

/** A whole number from 0 to 2^31 - 1; `2.0` is one. */
export function wholeNumber() {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, number>(({ dataset, addIssue, NEVER }) => {
      const match = WHOLE_NUMBER.exec(numberText(dataset.value) ?? '');
      if (!match) {
        addIssue({ message: rule('invalid_type', 'Must be a whole number.') });
        return NEVER;
      }
      const value = Number(match[2]);
      if (value > MAX_INTEGER || (match[1] && value > 0)) {
        addIssue({ message: rule('out_of_range', `Must be from 0 to ${MAX_INTEGER}.`) });
        return NEVER;
      }
      return value;
    }),
  );
}

/** A list whose members are looked at elsewhere, one by one. */
export function list() {
  return v.custom<readonly unknown[]>(Array.isArray, rule('invalid_type', 'Must be an array.'));
}
