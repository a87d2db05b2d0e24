import { addDays, isDay, LAST_DAY } from '../../../db/days.ts';
import { Problem } from '../../shared/problem.ts';
import { type KeyRequest, parseKeyRequest } from '../input.ts';
import { usernameFor } from '../seller.ts';

/** The form of a new key as it was filled in. */
export interface TypedKey {
  readonly user: string;
  readonly label: string;
  readonly scopes: readonly string[];
  /** The last UTC day of the key's life; empty where it does not expire. */
  readonly last_day: string;
  /** The name of the seller whom somebody has said to make. */
  readonly new_seller: string;
}

/** What is wrong, by field. */
export type KeyFormErrors = Partial<Record<keyof TypedKey, string>>;

/**
 * What the form asks for, or what is wrong with it.
 *
 * @param findUsername finds a seller who is there by the name that was typed
 */
export async function parseKeyForm(
  typed: TypedKey,
  findUsername: (user: string) => Promise<string | undefined>,
): Promise<{
  readonly request?: KeyRequest;
  readonly isNewSeller?: boolean;
  readonly errors: KeyFormErrors;
}> {
  const { user, label, scopes, last_day } = typed;
  if (last_day !== '' && !isDay(last_day)) {
    return { errors: { last_day: 'Must be a day such as 2027-12-31.' } };
  }
  try {
    const request = parseKeyRequest({
      user,
      scopes,
      ...(label && { label }),
      ...(last_day && { expires_at: endOf(last_day) }),
    });
    const known = await findUsername(request.user);
    const username = usernameFor(request.user, known);
    const isNewSeller = known === undefined;
    return { request: { ...request, user: username }, isNewSeller, errors: {} };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const found = (error.options.errors ?? []).map(({ pointer, detail }) => [
      FIELDS[pointer?.split('/')[1] ?? ''],
      detail,
    ]);
    return { errors: Object.fromEntries(found) };
  }
}

/** After 9999 there is no instant that everybody can write. */
function endOf(day: string): string {
  return day === LAST_DAY ? `${day}T23:59:59Z` : `${addDays(day, 1)}T00:00:00Z`;
}

const FIELDS: Readonly<Record<string, keyof TypedKey>> = {
  user: 'user',
  label: 'label',
  scopes: 'scopes',
  expires_at: 'last_day',
};
