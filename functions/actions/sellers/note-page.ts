import type { SellerNote } from '../../../db/actions/seller-note.ts';
import { sellerAddress } from '../../shared/pages/addresses.ts';
import { type Html, html } from '../../shared/pages/html.ts';
import { inUnits } from '../../shared/pages/in-units.ts';
import { CHANGED_MEANWHILE } from '../notices.ts';
import { MAX_NOTE_LENGTH } from './input.ts';

export interface NotePage {
  readonly stored: SellerNote;
  /** What is in the form. */
  readonly typed: string;
  /** Whether somebody has changed the note since the form was opened. */
  readonly isChanged?: boolean;
  /** Why what is in the form does not do. */
  readonly fault?: string | undefined;
}

export function notePage({ stored, typed, isChanged = false, fault }: NotePage): Html {
  const { seller, note, fingerprint } = stored;
  return html`<div class="narrow">
<h1>Note on ${seller}</h1>
${isChanged && html`${CHANGED_MEANWHILE}<p class="card pad note">${note || 'No note.'}</p>`}
<form class="card pad form" method="post" action="/admin/actions/seller-note">
  <div><label for="note">Note</label>
    <textarea id="note" name="note" maxlength="${inUnits(MAX_NOTE_LENGTH)}" rows="6" aria-describedby="note-hint${fault && ' note-error'}"${fault && html` aria-invalid="true"`}>
${typed}</textarea>
    <p class="hint" id="note-hint">Whom to call, when uploads come: for everybody who looks after the seller, and never for the seller’s systems. Changes are in the audit log; no secrets.</p>
    ${fault && html`<p class="field-error" id="note-error" role="alert">${fault}</p>`}</div>
  <input type="hidden" name="name" value="${seller}">
  <input type="hidden" name="seen" value="${fingerprint}">
  <p class="actions"><button class="primary">Save note</button>
    <a class="button" href="${sellerAddress(seller)}">Cancel</a></p>
</form>
</div>`;
}
