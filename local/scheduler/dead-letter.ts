import { randomUUID } from 'node:crypto';
import type { FunctionError } from '../lambda/protocol.ts';

/** An event that Lambda gave up, and how. */
export interface GivenUp {
  readonly functionArn: string;
  readonly event: unknown;
  readonly attempts: number;
  readonly condition: 'EventAgeExceeded' | 'RetriesExhausted';
  readonly error: FunctionError;
  readonly atMs: number;
}

/**
 * What Lambda leaves of an event in the queue that is its destination on failure.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export function deadLetter({ functionArn, event, attempts, condition, error, atMs }: GivenUp) {
  return {
    version: '1.0',
    timestamp: new Date(atMs).toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${functionArn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: 'Unhandled',
    },
    responsePayload: error,
  };
}
