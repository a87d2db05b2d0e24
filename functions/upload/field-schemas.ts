import type { JsonSchema } from '../shared/contract/json-schema.ts';

// What `fields.ts` takes, as JSON Schema says it.

export const textSchema = (maxLength: number): JsonSchema => ({
  type: 'string',
  minLength: 1,
  maxLength,
});

export const nameSchema = (maxLength: number): JsonSchema => ({
  ...textSchema(maxLength),
  pattern: String.raw`^\S(?:.*\S)?$`,
  description:
    'Without white space at its ends and without invisible characters; its length is counted, and it is stored, in its composed form (NFC).',
});

export const SENT_INSTANT: JsonSchema = {
  type: 'string',
  format: 'date-time',
  description:
    'RFC 3339 with its offset, of the years 1970 to 9999 in UTC, no leap seconds; digits beyond microseconds are cut off.',
};

/** @param integerDigits how many there may be before the point */
export function amountSchema(integerDigits: number): JsonSchema {
  const limit = 10 ** integerDigits - 0.01;
  return {
    description:
      'Decimal notation with at most two decimals, without an exponent; zeros beyond them do not count. It is read as it is written and never becomes a binary fraction: a client that has it as decimal text sends the text.',
    anyOf: [
      { type: 'number', format: 'decimal', minimum: -limit, maximum: limit },
      {
        type: 'string',
        format: 'decimal',
        pattern: String.raw`^-?0*\d{1,${integerDigits}}(?:\.\d{1,2}0*)?$`,
      },
    ],
  };
}

export const wholeNumberSchema = (maximum: number): JsonSchema => ({
  description: 'A whole number without an exponent, as a number or as text: 2, 2.0, "2", "1.000".',
  anyOf: [
    { type: 'integer', minimum: 0, maximum },
    { type: 'string', pattern: String.raw`^(?:\d+|-0+)(?:\.0+)?$` },
  ],
});
