import type { SellerAnswer, SellerCall } from '../shared/seller-handler.ts';

/** Whose key was sent and what it is good for, so that it can be tried without doing anything. */
export function whoami(
  { user }: { readonly user: string },
  { keyId, scopes, expiresAtMs }: SellerCall,
): SellerAnswer {
  const expires_at = expiresAtMs === undefined ? null : instantOf(expiresAtMs);
  return { body: { user, key_id: keyId, scopes, expires_at } };
}

/** An instant as all of the API's, with microseconds. */
const instantOf = (instantMs: number) => new Date(instantMs).toISOString().replace('Z', '000Z');
