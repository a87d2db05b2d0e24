import { DataApiError, postgresError } from '../errors.ts';
import type { TypeHint } from '../wire.ts';

interface HintedText {
  readonly type: string;
  readonly accepted: RegExp;
  /** PostgreSQL's error for text that it cannot read as the type. */
  readonly sqlState: string;
}

/**
 * The service reads timestamps before PostgreSQL does; this is reported of `2024-02-29T12:30:00Z`.
 */
const NOT_IN_TIMESTAMPS = /[^\d :.-]/;

const INVALID_TEXT = '22P02';
const INVALID_DATETIME = '22007';

// The forms that AWS documents, with a fraction to microseconds, which is reported to survive.
// https://docs.aws.amazon.com/rdsdataservice/latest/APIReference/API_SqlParameter.html
const FORMS: Partial<Record<TypeHint, HintedText>> = {
  UUID: {
    type: 'uuid',
    accepted: /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i,
    sqlState: INVALID_TEXT,
  },
  DATE: { type: 'date', accepted: /^\d{4}-\d\d-\d\d$/, sqlState: INVALID_DATETIME },
  TIME: { type: 'time', accepted: /^\d\d:\d\d:\d\d(\.\d{1,6})?$/, sqlState: INVALID_DATETIME },
  TIMESTAMP: {
    type: 'timestamp',
    accepted: /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/,
    sqlState: INVALID_DATETIME,
  },
  DECIMAL: {
    type: 'numeric',
    accepted: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i,
    sqlState: INVALID_TEXT,
  },
};

/**
 * Refuses text that the type hint does not announce, also where PostgreSQL would read it: an offset
 * in a TIMESTAMP would be dropped in silence, `now` would be taken for an instant.
 *
 * @throws {DataApiError} DatabaseErrorException in the words of PostgreSQL, or of the service
 */
export function checkHintedText(typeHint: TypeHint, text: string): void {
  const form = FORMS[typeHint];
  if (!form || form.accepted.test(text)) return;
  if (typeHint === 'TIMESTAMP' && NOT_IN_TIMESTAMPS.test(text))
    throw new DataApiError(
      'DatabaseErrorException',
      'Parse Error for TimeStamp: input contains invalid characters',
    );
  throw postgresError(`invalid input syntax for type ${form.type}: "${text}"`, form.sqlState);
}
