import * as v from 'valibot';
import { isLongerInAnyForm } from '../shared/plain-text.ts';
import { QueryString } from '../shared/query-string.ts';
import { MAX_USERNAME_LENGTH, parseBody, text } from '../shared/strict-body.ts';

const EraseSchema = v.pipe(
  v.strictObject(
    {
      user: text(MAX_USERNAME_LENGTH, isLongerInAnyForm),
      confirm: v.string('Must be text.'),
    },
    'Is not known here, or missing.',
  ),
  v.forward(
    v.partialCheck(
      [['user'], ['confirm']],
      ({ user, confirm }) => user === confirm,
      'Must be the same as user: it confirms that this seller is to be erased.',
    ),
    ['confirm'],
  ),
);

/** Which seller to erase. @throws {Problem} 400 with everything that is wrong */
export function parseErasure(body: unknown): { readonly user: string } {
  return parseBody(EraseSchema, body);
}

/** Which seller is asked about. @throws {Problem} 400 with everything that is wrong */
export function parseSellerQuery(rawQueryString: string): { readonly user: string } {
  const query = new QueryString(rawQueryString);
  const user = query.required('user');
  query.finish();
  return { user };
}
