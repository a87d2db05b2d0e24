import * as v from 'valibot';
import { readForm } from '../../shared/pages/read-form.ts';
import { isLongerInAnyForm } from '../../shared/plain-text.ts';
import { MAX_USERNAME_LENGTH, parseBody, text } from '../../shared/strict-body.ts';
import { fingerprint, token, uploadId } from '../fields.ts';

const FIELDS = ['id', 'seller', 'seen', 'token'] as const;

const UndoingSchema = v.object({
  id: uploadId,
  seller: text(MAX_USERNAME_LENGTH, isLongerInAnyForm),
  /** What was to happen. */
  seen: fingerprint,
  token,
});

/** The form that undoes an upload. @throws {Problem} 400 */
export function readUndoing(body: string): v.InferOutput<typeof UndoingSchema> {
  return parseBody(UndoingSchema, readForm(body, FIELDS));
}
