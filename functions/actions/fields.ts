import * as v from 'valibot';
import { isUuid } from '../shared/upload-id.ts';

// Hidden fields of forms, which nobody types.

const BROKEN = 'The form is not as its page has it. Open that page again.';

/** The form's own, so that one that is sent twice is known. */
export const token = v.pipe(v.string(), v.check(isUuid, BROKEN));

export const uploadId = v.pipe(v.string(), v.check(isUuid, BROKEN), v.toLowerCase());

/** Of a row, or its version. */
export const wholeNumber = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/, BROKEN),
  v.transform((text) => Number(text)),
);

/** By which it is known whether something is as it was seen. */
export const fingerprint = v.pipe(v.string(), v.regex(/^[\da-f]{32}$/, BROKEN));
