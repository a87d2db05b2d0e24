import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { logger } from './logger.ts';
import { composed } from './plain-text.ts';
import { Problem } from './problem.ts';

/** What keys may be good for. */
export const SCOPES = ['orders:write', 'stats:read'] as const;

export type Scope = (typeof SCOPES)[number];

/** Why a key opens nothing. */
export type Refusal = 'unknown' | 'expired' | 'revoked';

/**
 * What `functions/authorize` says of a request's key. It lets requests with a bad key pass to here: an
 * HTTP API would answer them 403 in words of its own, and only a function can answer 401 with a reason.
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
 * Middleware that lets nobody pass but who has a key with this scope. It comes before everything that
 * looks at the body.
 *
 * @throws {Problem} 401 or 403; also when the route lacks the authorizer
 */
export function sellerKey({ scope }: { scope: Scope }): MiddlewareObj {
  return {
    before: (request) => {
      const key = contextOf(request.event as APIGatewayProxyEventV2);
      if (!key || 'refused' in key) throw unauthenticated(key?.refused ?? 'unknown');
      logger.appendKeys({ seller: key.seller, key_id: key.key_id });
      if (key.expires_at_ms !== undefined && key.expires_at_ms <= Date.now()) {
        throw unauthenticated('expired');
      }
      if (!key.scopes.split(' ').includes(scope)) {
        throw new Problem(403, { detail: `This key has not the scope ${scope}.` });
      }
    },
  };
}

/**
 * The key's seller as the name is stored: `user` may be composed otherwise, which nobody sees.
 *
 * @throws {Problem} 403 when the key is another seller's than `user`
 */
export function requireSeller(event: { readonly requestContext: object }, user: string): string {
  const key = contextOf(event);
  if (key && 'seller' in key && composed(key.seller) === composed(user)) return key.seller;
  throw new Problem(403, { detail: "This key is another seller's than the user named." });
}

function contextOf({ requestContext }: { readonly requestContext: object }) {
  const { authorizer } = requestContext as APIGatewayProxyEventV2['requestContext'] & {
    authorizer?: { lambda?: KeyContext | null };
  };
  const key = authorizer?.lambda;
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
