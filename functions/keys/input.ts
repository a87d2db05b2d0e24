import * as v from 'valibot';
import { dayOf, isDay } from '../../db/days.ts';
import { SCOPES } from '../routes.ts';
import { isLongerInAnyForm, unseenIn } from '../shared/plain-text.ts';
import { MAX_USERNAME_LENGTH, parseBody, text } from '../shared/strict-body.ts';

/** How long a rotated key lives on unless told otherwise: a night's jobs and a working day. */
export const DEFAULT_OVERLAP_HOURS = 24;
const MAX_OVERLAP_HOURS = 30 * 24;

/** What would look like something else in a list of keys. */
const oneLine = v.check(
  (value: string) => !/[\t\n\u2028\u2029]/.test(value) && unseenIn(value) === undefined,
  'Must be one line without characters that cannot be seen.',
);

const CreateSchema = v.strictObject(
  {
    user: text(MAX_USERNAME_LENGTH, isLongerInAnyForm),
    label: v.optional(v.pipe(text(100), oneLine), 'unnamed'),
    scopes: v.optional(
      v.pipe(
        v.array(v.picklist(SCOPES, `Must be of ${SCOPES.join(', ')}.`), 'Must be an array.'),
        v.minLength(1, 'Must have at least one scope.'),
        v.transform((scopes) => [...new Set(scopes)]),
      ),
      [...SCOPES],
    ),
    expires_at: v.optional(
      v.pipe(
        v.string('Must be text.'),
        v.isoTimestamp('Must be an instant such as 2027-01-01T00:00:00Z.'),
        v.check(
          (value) => isDay(value.slice(0, 10)),
          'Must be of an existing day of the years 1970 to 9999.',
        ), // 30 February parses, too
        v.transform((value) => new Date(value)),
        v.check((instant) => instant.getTime() > Date.now(), 'Must be in the future.'),
        v.check(
          (instant) => isDay(dayOf(instant.getTime())),
          'Must be before the year 10000 in UTC.',
        ),
        v.transform((instant) => instant.toISOString()),
      ),
    ),
  },
  'Is not known here, or missing.',
);

const RotateSchema = v.strictObject(
  {
    overlap_hours: v.optional(
      v.pipe(
        v.number('Must be a number.'),
        v.integer('Must be a whole number.'),
        v.minValue(0, 'Must not be negative.'),
        v.maxValue(MAX_OVERLAP_HOURS, `Must be at most ${MAX_OVERLAP_HOURS}.`),
      ),
      DEFAULT_OVERLAP_HOURS,
    ),
  },
  'Is not known here.',
);

/** What a new key shall be like. */
export type KeyRequest = v.InferOutput<typeof CreateSchema>;

/** @throws {Problem} 400 with everything that is wrong */
export const parseKeyRequest = (body: unknown): KeyRequest => parseBody(CreateSchema, body);

/** @throws {Problem} 400 with everything that is wrong */
export const parseRotation = (body: unknown) => parseBody(RotateSchema, body);
