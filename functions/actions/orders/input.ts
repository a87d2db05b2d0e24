import * as v from 'valibot';
import { MAX_NUMBER_LENGTH } from '../../shared/order-numbers.ts';
import { readForm } from '../../shared/pages/read-form.ts';
import { isLongerInAnyForm } from '../../shared/plain-text.ts';
import { MAX_USERNAME_LENGTH, parseBody, text } from '../../shared/strict-body.ts';
import { token, wholeNumber } from '../fields.ts';

const FIELDS = ['number', 'seller', 'id', 'version', 'token'] as const;

const DeletionSchema = v.object({
  number: text(MAX_NUMBER_LENGTH, isLongerInAnyForm),
  seller: text(MAX_USERNAME_LENGTH, isLongerInAnyForm),
  /** The order's, as it was seen. */
  id: wholeNumber,
  version: wholeNumber,
  token,
});

/** The form that deletes an order. @throws {Problem} 400 */
export function readDeletion(body: string): v.InferOutput<typeof DeletionSchema> {
  return parseBody(DeletionSchema, readForm(body, FIELDS));
}
