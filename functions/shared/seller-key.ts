import type {
  APIGatewayEventRequestContextV2,
  APIGatewayProxyEventV2WithRequestContext,
} from 'aws-lambda';
import type { Scope } from '../routes.ts';
import { logger } from './logger.ts';
import { composed } from './plain-text.ts';
import { Problem } from './problem.ts';

/** Why a key opens nothing. */
export type Refusal = 'unknown' | 'expired' | 'revoked';

/**
 * What `functions/authorize` says of a request's key. It lets requests with a bad key pass to
 * here: an HTTP API would answer them 403 in words of its own, and only a function can answer 401
 * with a reason.
 */
export type KeyContext =
  | { readonly refused: Refusal }
  | {
      readonly seller: string;
      readonly key_id: string;
      /** Divided by spaces. */
      readonly scopes: string;
      /** Milliseconds since the epoch; API Gateway may have kept this answer since before. */
      readonly expires_at_ms?: number;
    };

/**
 * A request with what the authorizer says of its key;
 * a route that lacks the authorizer has nothing of that.
 */
export type SellerEvent = APIGatewayProxyEventV2WithRequestContext<
  APIGatewayEventRequestContextV2 & {
    readonly authorizer?: { readonly lambda?: KeyContext | null };
  }
>;

/** What is known of a key that was let pass. */
export interface SellerKey {
  readonly keyId: string;
  readonly scopes: readonly string[];
  /** In milliseconds since the epoch. @default it does not expire */
  readonly expiresAtMs: number | undefined;
}

/**
 * Lets nobody pass but who has a key with this scope, or any key where `scope` is `null`, and names
 * the key in the log.
 *
 * @throws {Problem} 401 or 403; also when the route lacks the authorizer
 */
export function requireKey(event: SellerEvent, scope: Scope | null): void {
  const key = findKeyContext(event);
  if (!key || 'refused' in key) throw unauthenticated(key?.refused ?? 'unknown');
  logger.appendKeys({ seller: key.seller, key_id: key.key_id });
  if (key.expires_at_ms !== undefined && key.expires_at_ms <= Date.now()) {
    throw unauthenticated('expired');
  }
  if (scope !== null && !scopesOf(key).includes(scope)) {
    throw new Problem(403, { detail: `This key has not the scope ${scope}.` });
  }
}

/**
 * The key's seller as the name is stored: `user` may be composed otherwise, which nobody sees.
 *
 * @param user whom the request names @default nobody
 * @throws {Problem} 403 when the key is another seller's than `user`, and when there is none
 */
export function requireSeller(event: SellerEvent, user?: string): string {
  const key = findKeyContext(event);
  if (key && 'seller' in key && (user === undefined || composed(key.seller) === composed(user))) {
    return key.seller;
  }
  throw new Problem(403, { detail: "This key is another seller's than the user named." });
}

/** The key that was sent. @throws {Problem} 401 where there is none */
export function sellerKeyOf(event: SellerEvent): SellerKey {
  const key = findKeyContext(event);
  if (!key || 'refused' in key) throw unauthenticated('unknown');
  return { keyId: key.key_id, scopes: scopesOf(key), expiresAtMs: key.expires_at_ms };
}

const scopesOf = ({ scopes }: { readonly scopes: string }) => scopes.split(' ');

function findKeyContext({ requestContext }: SellerEvent): KeyContext | undefined {
  const key = requestContext.authorizer?.lambda;
  return key && ('refused' in key || 'seller' in key) ? key : undefined;
}

function unauthenticated(refused: Refusal): Problem {
  return new Problem(401, {
    detail: DETAILS[refused],
    headers: { 'www-authenticate': 'Bearer realm="order-analytics", error="invalid_token"' },
  });
}

const DETAILS: Readonly<Record<Refusal, string>> = {
  unknown: 'Send a key of this service as Authorization: Bearer oa_….',
  expired: 'This key has expired.',
  revoked: 'This key has been revoked.',
};
