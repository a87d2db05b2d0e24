import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { localArn } from '../aws/account.ts';
import type { Clock } from '../aws/clock.ts';
import type { LocalAuthorizer } from '../cloud-assembly/model.ts';
import { type Invoke, isThrottled } from '../lambda/invocation.ts';
import { AUTHORIZER_MS } from './limits.ts';
import { withTimeout } from './timeout.ts';

/**
 * What an authorizer says of a request: no identity to look at, a refusal, a failure,
 * too many at once, or a context.
 */
export type Verdict =
  | { readonly kind: 'unauthenticated' }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'throttled' }
  | { readonly kind: 'authorized'; readonly context: Readonly<Record<string, unknown>> };

/** Asks Lambda authorizers, and keeps their answers for as long as the templates say. */
export class LambdaAuthorizers {
  readonly #invoke: Invoke;
  readonly #clock: Clock;
  readonly #cache = new Map<string, { readonly verdict: Verdict; readonly endsAt: number }>();

  constructor(invoke: Invoke, clock: Clock) {
    this.#invoke = invoke;
    this.#clock = clock;
  }

  async authorize(
    authorizer: LocalAuthorizer,
    event: APIGatewayProxyEventV2,
    gone: AbortSignal,
  ): Promise<Verdict> {
    const identity = authorizer.identitySources.map((source) => identityOf(source, event));
    if (identity.some((value) => !value)) return { kind: 'unauthenticated' };
    const key = JSON.stringify([authorizer.id, ...identity]);
    const known = this.#cache.get(key);
    if (known && known.endsAt > this.#clock.now()) return known.verdict;
    const verdict = await this.#ask(authorizer, event, identity, gone);
    const ttlMs = authorizer.resultTtlSeconds * 1_000;
    if (ttlMs > 0 && isKept(verdict)) this.#keep(key, verdict, ttlMs);
    return verdict;
  }

  #keep(key: string, verdict: Verdict, ttlMs: number): void {
    const now = this.#clock.now();
    for (const [old, { endsAt }] of this.#cache) if (endsAt <= now) this.#cache.delete(old);
    this.#cache.set(key, { verdict, endsAt: now + ttlMs });
  }

  async #ask(
    { function: fn }: LocalAuthorizer,
    event: APIGatewayProxyEventV2,
    identitySource: (string | undefined)[],
    gone: AbortSignal,
  ): Promise<Verdict> {
    const { body: _, isBase64Encoded: __, ...request } = event;
    const { apiId, stage, http } = event.requestContext;
    const routeArn = localArn('execute-api', `${apiId}/${stage}/${http.method}${http.path}`);
    const question = { ...request, type: 'REQUEST', routeArn, identitySource };
    const ask = (signal: AbortSignal) => this.#invoke(fn, question, signal);
    const invocation = await withTimeout(ask, AUTHORIZER_MS, gone, this.#clock);
    if (!invocation?.ok) return { kind: isThrottled(invocation) ? 'throttled' : 'failed' };
    const answer = JSON.parse(invocation.json) as {
      isAuthorized?: unknown;
      context?: object;
    } | null;
    if (typeof answer?.isAuthorized !== 'boolean') return { kind: 'failed' };
    if (!answer.isAuthorized) return { kind: 'forbidden' };
    return { kind: 'authorized', context: { ...answer.context } };
  }
}

/** Only what the authorizer itself said. */
function isKept({ kind }: Verdict): boolean {
  return kind === 'authorized' || kind === 'forbidden';
}

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html */
function identityOf(source: string, event: APIGatewayProxyEventV2): string | undefined {
  const [, place, name = ''] =
    /^\$(request\.header|request\.querystring|context)\.(.+)$/.exec(source) ?? [];
  switch (place) {
    case 'request.header':
      return event.headers[name.toLowerCase()];
    case 'request.querystring':
      return event.queryStringParameters?.[name];
    case 'context': {
      const { requestContext } = event;
      const known: Record<string, string> = {
        httpMethod: requestContext.http.method,
        path: requestContext.http.path,
        routeKey: requestContext.routeKey,
        stage: requestContext.stage,
        'identity.sourceIp': requestContext.http.sourceIp,
      };
      if (name in known) return known[name];
    }
  }
  throw new Error(`The local gateway does not know the identity source ${source}.`);
}
