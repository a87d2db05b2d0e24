import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { isRouteKey, ROUTES, type RouteKeyWith, type SellerFolder } from '../routes.ts';
import { withinGatewayTime } from './gateway-time-limit.ts';
import { jsonResponse } from './json-response.ts';
import { logger } from './logger.ts';
import { Problem } from './problem.ts';
import { problemDetails } from './problem-details.ts';
import {
  requireKey,
  requireSeller,
  type SellerEvent,
  type SellerKey,
  sellerKeyOf,
} from './seller-key.ts';

/** A seller's request as its handler may look at it: whose key it is was asked before. */
export type SellerRequest = Pick<SellerEvent, 'rawQueryString' | 'headers' | 'pathParameters'> & {
  readonly body?: unknown;
  /** SHA-256 of the body as it was parsed, in base64. */
  readonly bodySha256?: string;
};

/** What an answer may need besides the input: also the seller's key that was sent. */
export interface SellerCall extends SellerKey {
  readonly context: Context;
  /** API Gateway's, which problem documents name too. */
  readonly requestId: string;
}

/** What is answered with 200. */
export interface SellerAnswer {
  /** As JSON. */
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Whose request it is; the key's seller where it does not say that. */
interface SellerInput {
  readonly user?: string | undefined;
}

/** What there is to say of a route that is not in the table of routes. */
interface SellerRoute<TInput extends SellerInput> {
  /**
   * Whose request it is, where that can be told before all of it is looked at.
   * A body of megabytes is not checked for somebody who may not send it.
   */
  readonly findUser?: (request: SellerRequest) => string | undefined;
  /** @throws {Problem} 400 with everything that is wrong */
  readonly parse: (request: SellerRequest) => TInput;
  /** The input's `user` is the key's seller, as the name is stored. */
  readonly answer: (
    input: TInput & { readonly user: string },
    call: SellerCall,
  ) => SellerAnswer | Promise<SellerAnswer>;
}

/** A checked route: nothing but `sellerRoute` makes one. */
export interface CheckedRoute {
  readonly [CHECKED]: (request: SellerEvent, context: Context) => Promise<SellerAnswer>;
}

const CHECKED = Symbol('checked');

/**
 * A route that answers for no other seller than the one whose key was sent, whatever the request
 * says: `answer` sees the input alone, and that only once its `user` was compared with the key.
 */
export function sellerRoute<TInput extends SellerInput>({
  findUser,
  parse,
  answer,
}: SellerRoute<TInput>): CheckedRoute {
  return {
    async [CHECKED](event, context) {
      const named = findUser?.(event);
      if (named !== undefined) requireSeller(event, named);
      const input = parse(event);
      const user = requireSeller(event, input.user);
      const { requestId } = event.requestContext;
      return answer({ ...input, user }, { ...sellerKeyOf(event), context, requestId });
    },
  };
}

type SellerRouteKey<TFolder extends SellerFolder> = RouteKeyWith<{
  access: 'key';
  folder: TFolder;
}>;

/**
 * The handler of a function that sellers call: all routes that the table gives to its folder, each
 * with the key and the scope that the table asks for. Key and scope come before everything that
 * looks at the body, such as a middleware added to what is returned.
 *
 * @returns answers 404 to any other route, 401 or 403 to a key that is not good for it
 */
export function sellerHandler<TFolder extends SellerFolder>(
  folder: TFolder,
  routes: Readonly<Record<SellerRouteKey<TFolder>, CheckedRoute>>,
) {
  const byKey = new Map<string, CheckedRoute>(Object.entries(routes));

  function requireRoute(routeKey: string) {
    const route = byKey.get(routeKey);
    const declared = isRouteKey(routeKey) ? ROUTES[routeKey] : undefined;
    if (!route || declared?.access !== 'key' || declared.folder !== folder) {
      throw new Problem(404, { detail: 'There is no such route.' });
    }
    return { route, scope: declared.scope };
  }

  const checkKey: MiddlewareObj<SellerEvent> = {
    before: ({ event }) => requireKey(event, requireRoute(event.routeKey).scope),
  };

  async function answerSeller(event: SellerEvent, context: Context) {
    const { route } = requireRoute(event.routeKey);
    const { body, headers } = await route[CHECKED](event, withinGatewayTime(event, context));
    return jsonResponse(200, body, headers);
  }

  return middy(answerSeller)
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(problemDetails())
    .use(checkKey);
}
