import * as v from 'valibot';
import { readForm } from '../../shared/pages/read-form.ts';
import { isLongerInAnyForm, unseenIn } from '../../shared/plain-text.ts';
import { MAX_USERNAME_LENGTH, parseBody, text } from '../../shared/strict-body.ts';
import { fingerprint } from '../fields.ts';

const FIELDS = ['name', 'note', 'seen'] as const;

/** In characters. */
export const MAX_NOTE_LENGTH = 500;

const NoteSchema = v.object({
  name: text(MAX_USERNAME_LENGTH, isLongerInAnyForm),
  note: v.string(),
  /** The note that was there. */
  seen: fingerprint,
});

const NoteText = text(MAX_NOTE_LENGTH);

/**
 * The form that changes a seller's note, at which `noteFault` has to look.
 *
 * @throws {Problem} 400
 */
export function readNote(body: string): v.InferOutput<typeof NoteSchema> {
  const fields = readForm(body, FIELDS);
  const note = fields.note.replaceAll(/\r\n?/g, '\n').trim(); // browsers end lines so
  return parseBody(NoteSchema, { ...fields, note });
}

/** Why a note does not do, for who has typed it; `undefined` where it does. */
export function noteFault(note: string): string | undefined {
  if (note === '') return undefined;
  const unseen = unseenIn(note);
  if (unseen !== undefined) {
    return `Must not have characters that cannot be seen: has ${unseen}. It may have come along with what was pasted.`;
  }
  return v.safeParse(NoteText, note, { abortPipeEarly: true }).issues?.[0].message;
}
