import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/** After so long API Gateway answers 503 in the function's place. */
const GATEWAY_WAITS_MS = 30_000;
/** What seems to be older than this comes of a clock that is wrong, or of no gateway. */
const MAX_AGE_MS = 60_000;

/**
 * The context with no more time than API Gateway still waits for the answer. A function's own time
 * begins when its process is ready, which may be seconds later: it would write what was answered
 * 503 before.
 */
export function withinGatewayTime(
  { requestContext: { timeEpoch } }: { readonly requestContext: RequestTime },
  context: Context,
): Context {
  const ageMs = Date.now() - timeEpoch;
  if (!(ageMs >= 0 && ageMs <= MAX_AGE_MS)) return context; // nor of one without a time
  const endsAt = timeEpoch + GATEWAY_WAITS_MS;
  return {
    ...context,
    getRemainingTimeInMillis: () =>
      Math.min(context.getRemainingTimeInMillis(), endsAt - Date.now()),
  };
}

type RequestTime = Pick<APIGatewayProxyEventV2['requestContext'], 'timeEpoch'>;
