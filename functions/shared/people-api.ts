import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type { Doer } from '../../db/audit/audit-lines.ts';
import type { DatabaseClock } from '../../db/data-api/database-clock.ts';
import type { WriteLimit } from '../../db/data-api/write-limit.ts';
import { withinGatewayTime } from './gateway-time-limit.ts';
import { type IamEvent, requireCaller } from './iam-caller.ts';
import { jsonBody } from './json-body.ts';
import { jsonResponse } from './json-response.ts';
import { logger } from './logger.ts';
import { Problem } from './problem.ts';
import { problemDetails } from './problem-details.ts';
import { withRetries } from './with-retries.ts';

/** A person's request; the body of a POST is parsed JSON. */
export type PeopleEvent = Omit<IamEvent, 'body'> & { readonly body?: unknown };

/** What is answered, as JSON. */
export interface PeopleAnswer {
  /** @default 200 */
  readonly status?: number;
  readonly body: object;
}

/** Asking the database until there is no more time. */
export interface Asking {
  ask<T>(work: () => Promise<T>): Promise<T>;
  /** What is not written by then never is: the answer says that it failed. */
  write<T>(work: (limit: WriteLimit) => Promise<T>): Promise<T>;
  /** Who asks. */
  readonly by: Doer;
  /** How much of the function's time is left, in milliseconds. */
  leftMs(): number;
}

export interface PeopleApiOptions<TRouteKey extends string> {
  readonly clock: DatabaseClock;
  /** Whom it is for, as who is nobody of them is told. */
  readonly refusal: string;
  /** The message of the log's line when something is tried again. */
  readonly triedAgain: string;
  readonly routes: Readonly<
    Record<TRouteKey, (event: PeopleEvent, asking: Asking) => Promise<PeopleAnswer>>
  >;
}

/**
 * The handler of routes for people with AWS credentials and their programs: JSON in, JSON out,
 * which nobody is to keep. All that is logged has the ARN of who asked.
 */
export function peopleApi<TRouteKey extends string>({
  clock,
  refusal,
  triedAgain,
  routes,
}: PeopleApiOptions<TRouteKey>) {
  const byKey = new Map<string, (typeof routes)[TRouteKey]>(Object.entries(routes));

  async function handle(event: PeopleEvent, itsContext: Context) {
    const context = withinGatewayTime(event, itsContext);
    const caller = requireCaller(event, refusal);
    logger.appendKeys({ caller });
    const route = byKey.get(event.routeKey);
    if (!route) throw new Problem(404, { detail: 'There is no such route.' });
    const { status = 200, body } = await route(event, {
      ask: (work) => withRetries(context, triedAgain, work),
      write: (work) => withRetries(context, triedAgain, (endsAt) => clock.before(endsAt, work)),
      by: { actor: caller, requestId: event.requestContext.requestId },
      leftMs: () => context.getRemainingTimeInMillis(),
    });
    return jsonResponse(status, body, { 'cache-control': 'no-store' });
  }

  return middy(handle)
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(problemDetails())
    .use(jsonBody());
}
