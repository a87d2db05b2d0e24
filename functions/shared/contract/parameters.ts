import { PAGE } from '../cursor.ts';
import { MAX_KEY_LENGTH } from '../idempotency-key.ts';
import { MAX_NUMBER_LENGTH, MAX_NUMBERS } from '../order-numbers.ts';
import type { ProblemCode } from '../problem-codes.ts';
import { DAY, UUID } from './fields.ts';
import { arrayOf } from './json-schema.ts';
import type { Parameter } from './route-contract.ts';

// Parameters that several routes have, and the codes of what may be wrong with them.

/** Of a route that needs none but its own. */
export const OPTIONAL_QUERY_CODES = [
  'too_short',
  'invalid_text',
  'invalid_utf8',
  'duplicate',
  'unknown',
] as const satisfies readonly ProblemCode[];

export const QUERY_CODES = [
  'missing',
  ...OPTIONAL_QUERY_CODES,
] as const satisfies readonly ProblemCode[];

export const PERIOD_CODES = [
  'invalid_date',
  'out_of_range',
] as const satisfies readonly ProblemCode[];

export const PAGE_CODES = [
  'invalid_cursor',
  'out_of_range',
] as const satisfies readonly ProblemCode[];

const NAME = { type: 'string', minLength: 1 } as const;

const named: Parameter = {
  name: 'user',
  in: 'query',
  description: "The seller's username, which is the key's.",
  schema: NAME,
};

export const USER: Parameter = { ...named, required: true };

export const OPTIONAL_USER: Parameter = {
  ...named,
  description: `${named.description} It need not be named: a 403 says that it is another.`,
};

const from: Parameter = {
  name: 'from',
  in: 'query',
  description: 'The first UTC day of created_at that counts, of the years 1970 to 9999.',
  schema: DAY,
};

const to: Parameter = {
  name: 'to',
  in: 'query',
  description:
    'The first UTC day of created_at that no longer counts, after from; may be 10000-01-01.',
  schema: { type: 'string', pattern: String.raw`^(?:\d{4}-\d\d-\d\d|10000-01-01)$` },
};

export const PERIOD: readonly Parameter[] = [from, to];

export const REQUIRED_PERIOD: readonly Parameter[] = [
  { ...from, required: true },
  { ...to, required: true },
];

export const STATUS: Parameter = {
  name: 'status',
  in: 'query',
  description: 'Orders of this status count; may come several times. A comma is part of a status.',
  schema: arrayOf(NAME),
};

const NUMBER = { type: 'string', minLength: 1, maxLength: MAX_NUMBER_LENGTH } as const;

export const ORDER_NUMBERS: Parameter = {
  name: 'order_number',
  in: 'query',
  description: `An order's number, composed (NFC) or not; up to ${MAX_NUMBERS} different ones. A request has at most 10,240 bytes with its headers: fewer fit when they are long.`,
  schema: arrayOf(NUMBER, { minItems: 1, maxItems: MAX_NUMBERS }),
};

export const AFTER: Parameter = {
  name: 'after',
  in: 'query',
  description: 'The next of the page before, as it came; the first page has none.',
  schema: NAME,
};

export const LIMIT: Parameter = {
  name: 'limit',
  in: 'query',
  description: 'How many a page has at most. It may have fewer though there are more.',
  schema: { type: 'integer', minimum: 1, maximum: PAGE.maxLimit, default: PAGE.limit },
};

export const UPLOAD_ID: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: 'The upload_id of an upload, a deletion or an undo of the seller.',
  schema: UUID,
};

export const IDEMPOTENCY_KEY: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description: `Of your own, 1 to ${MAX_KEY_LENGTH} characters of ASCII such as a UUID, in quotes or without; with a space or a comma it needs them. The same request with the same key gets the first answer again.`,
  schema: { type: 'string', minLength: 1, maxLength: 2 * MAX_KEY_LENGTH + 2 },
};

/** Of answers to requests with an `Idempotency-Key`. */
export const REPLAYED: Readonly<Record<string, string>> = {
  'Idempotent-Replayed':
    'true where this is the answer of an earlier request with this Idempotency-Key, and nothing was done.',
};

/** Of an answer that is more than Lambda takes. */
export const COMPRESSED = {
  'Content-Encoding': 'gzip where the answer is more than 5.8 MB, for who accepts it.',
  Vary: 'accept-encoding where the answer is compressed.',
};
