import * as v from 'valibot';
import { readForm } from '../../shared/pages/read-form.ts';
import { isLongerInAnyForm } from '../../shared/plain-text.ts';
import { MAX_USERNAME_LENGTH, parseBody, text } from '../../shared/strict-body.ts';
import { fingerprint } from '../fields.ts';

const FIELDS = ['name', 'note', 'seen'] as const;

/** In characters. */
export const MAX_NOTE_LENGTH = 500;

const NoteSchema = v.object({
  name: text(MAX_USERNAME_LENGTH, isLongerInAnyForm),
  note: v.union([v.literal(''), text(MAX_NOTE_LENGTH)]),
  /** The note that was there. */
  seen: fingerprint,
});

/** The form that changes a seller's note. @throws {Problem} 400 */
export function readNote(body: string): v.InferOutput<typeof NoteSchema> {
  const fields = readForm(body, FIELDS);
  // Browsers end lines so.
  const note = fields.note.replaceAll('\r\n', '\n').trim();
  return parseBody(NoteSchema, { ...fields, note });
}
