import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { DatabaseBusyError } from '../../db/data-api/retry.ts';
import { countRefusal } from './count-refusal.ts';
import { logger } from './logger.ts';
import { Problem } from './problem.ts';

/**
 * Middleware that turns what a handler throws into problem details. What is not a `Problem` becomes
 * a 500 that tells nothing about the inside; the log has the error under the same request id.
 */
export function problemDetails(): MiddlewareObj<APIGatewayProxyEventV2> {
  return {
    onError: (request) => {
      const problem = toProblem(request.error);
      const { event } = request;
      const { errors, errorsCount } = problem.options;
      const level = problem.status >= 500 ? 'error' : 'warn';
      logger[level]('request refused', {
        status: problem.status,
        // What errors are listed for may quote the body, which no log may hold.
        ...(errors
          ? { codes: [...new Set(errors.map((entry) => entry.code))], errors_count: errorsCount }
          : { detail: problem.message }),
        ...(problem.status >= 500 && { error: request.error }),
      });
      countRefusal(problem);
      request.response = problem.toResponse(event.requestContext.requestId);
    },
  };
}

/** Any error as a `Problem`: what nobody expected is a 500 that tells nothing about the inside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof DatabaseBusyError) {
    return new Problem(503, {
      detail: 'The database is busy or waking up. Send the same request again.',
      headers: { 'retry-after': isWaking(error) ? '15' : '5' },
      cause: error,
    });
  }
  return new Problem(500, { detail: 'Something failed on our side.', cause: error });
}

/** Waking takes 10 to 30 s. */
function isWaking({ reason }: DatabaseBusyError): boolean {
  return reason === 'resuming' || reason === 'statement_timeout';
}
