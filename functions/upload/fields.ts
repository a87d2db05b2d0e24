import * as v from 'valibot';
import type { JsonSchema } from '../shared/contract/json-schema.ts';
import { isJsonString, numberText } from '../shared/json-number.ts';
import {
  composedStart,
  isLonger,
  isLongerInAnyForm,
  isPlainAscii,
  nameFaults,
} from '../shared/plain-text.ts';
import { isProblemCode, type ProblemCode } from '../shared/problem-codes.ts';
import { canonicalAmount } from './amount.ts';
import {
  amountSchema,
  nameSchema,
  SENT_INSTANT,
  textSchema,
  wholeNumberSchema,
} from './field-schemas.ts';
import { canonicalInstant } from './instant.ts';
import { instantFault } from './instant-fault.ts';

/** An error's text in a schema: a code for programs and a sentence for people. */
export function rule(code: ProblemCode, detail: string): string {
  return `${code}: ${detail}`;
}

/** The code and the sentence of a `rule`. @throws when the text is none */
export function splitRule(message: string): { code: ProblemCode; detail: string } {
  const colon = message.indexOf(': ');
  const code = message.slice(0, colon);
  if (!isProblemCode(code)) throw new Error(`This rule has no code: ${message}`);
  return { code, detail: message.slice(colon + 2) };
}

/** An object's needed fields; all others are ignored. */
export function fields<const TEntries extends v.ObjectEntries>(entries: TEntries) {
  return v.object(entries, rule('missing', 'Is missing.'));
}

const wrongType = (wanted: string, value: unknown) =>
  rule('invalid_type', `Must be ${wanted}, not ${typeName(value)}.`);

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'boolean') return `${value}`;
  return isJsonString(value) ? 'a string' : 'a number';
}

/** A JSON string. */
const string = () => v.custom<string>(isJsonString, ({ input }) => wrongType('a string', input));

/**
 * What the API's document says of a field, as JSON Schema: no converter sees into our checks. It
 * stands before what transforms the value, since it describes what is sent.
 */
const described = <T>(schema: JsonSchema) => v.metadata<T, JsonSchema>(schema);

/** Text of 1 to `maxLength` characters, as PostgreSQL counts and accepts them. */
export function text(maxLength: number) {
  return checkedText(maxLength, (value) =>
    textFaults(value, isLonger(value, maxLength), maxLength),
  );
}

/** The name of a seller who is there: such a `text`, composed or not. */
export function knownName(maxLength: number) {
  return checkedText(maxLength, (value) =>
    textFaults(value, isLongerInAnyForm(value, maxLength), maxLength),
  );
}

/** Such a `text` that looks like no other; becomes its composed form, whose characters count. */
export function name(maxLength: number) {
  return v.pipe(
    string(),
    described(nameSchema(maxLength)),
    v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
      if (isPlainAscii(dataset.value) && dataset.value.length <= maxLength) return dataset.value;
      const value = composedStart(dataset.value, maxLength);
      const isTooLong = isLonger(value, maxLength);
      const faults = [
        ...textFaults(value, isTooLong, maxLength),
        ...(isTooLong ? [] : nameFaults(value)).map(({ code, detail }) => rule(code, detail)),
      ];
      for (const message of faults) addIssue({ message });
      return faults.length === 0 ? value : NEVER;
    }),
  );
}

function checkedText(maxLength: number, faultsOf: (value: string) => string[]) {
  return v.pipe(
    string(),
    described(textSchema(maxLength)),
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      for (const message of faultsOf(dataset.value)) addIssue({ message });
    }),
  );
}

function textFaults(value: string, isTooLong: boolean, maxLength: number): string[] {
  const faults: string[] = [];
  if (value === '') faults.push(rule('too_short', 'Must not be empty.'));
  if (isTooLong) faults.push(rule('too_long', `Must have at most ${maxLength} characters.`));
  if (value.includes('\0') || !value.isWellFormed()) {
    faults.push(rule('invalid_text', 'Must not contain U+0000 or half of a surrogate pair.'));
  }
  return faults;
}

/** What a JSON number or a string has written; `undefined` for anything else. */
function writtenNumber(value: unknown): string | undefined {
  return numberText(value) ?? (isJsonString(value) ? value : undefined);
}

/** A JSON number or decimal string; becomes decimal text with 2 places. */
export function amount(integerDigits: number) {
  const limit = `${'9'.repeat(integerDigits)}.99`;
  return v.pipe(
    v.unknown(),
    described(amountSchema(integerDigits)),
    v.rawTransform<unknown, string>(({ dataset, addIssue, NEVER }) => {
      const written = writtenNumber(dataset.value);
      if (written === undefined) {
        addIssue({ message: wrongType('a number or a decimal string', dataset.value) });
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
    described(SENT_INSTANT),
    v.rawTransform<string, string>(({ dataset, addIssue, NEVER }) => {
      const instantText = canonicalInstant(dataset.value);
      if (instantText !== undefined) return instantText;
      addIssue({
        message: rule(
          'invalid_date_time',
          `Must be an existing date and time of the years 1970 to 9999 with its offset, such as 2025-11-12T10:00:00Z: ${instantFault(dataset.value)}.`,
        ),
      });
      return NEVER;
    }),
  );
}

const WHOLE_NUMBER = /^(-?)(\d+)(?:\.0+)?$/;
const MAX_INTEGER = 2_147_483_647;

/**
 * A whole number from 0 to 2^31 - 1, as a JSON number or a decimal string; `2.0` and `"1.000"` are.
 */
export function wholeNumber() {
  return v.pipe(
    v.unknown(),
    described(wholeNumberSchema(MAX_INTEGER)),
    v.rawTransform<unknown, number>(({ dataset, addIssue, NEVER }) => {
      const written = writtenNumber(dataset.value);
      if (written === undefined) {
        addIssue({ message: wrongType('a whole number', dataset.value) });
        return NEVER;
      }
      const match = WHOLE_NUMBER.exec(written);
      if (!match) {
        const detail = 'Must be a whole number such as 2, without an exponent or separators.';
        addIssue({ message: rule('invalid_type', detail) });
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

/** A list whose members, of this schema, are looked at elsewhere, one by one. */
export function list(members: v.GenericSchema, limits: JsonSchema = {}) {
  return v.pipe(
    v.custom<readonly unknown[]>(Array.isArray, ({ input }) => wrongType('an array', input)),
    v.metadata<readonly unknown[], ListMetadata>({ type: 'array', members, ...limits }),
  );
}

/** A `list` as JSON Schema, but for its members, which are to be converted as well. */
export type ListMetadata = JsonSchema & { readonly members: v.GenericSchema };
