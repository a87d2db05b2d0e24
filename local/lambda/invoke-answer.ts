import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Clock, httpDate } from '../aws/clock.ts';
import { type Invocation, isThrottled } from './invocation.ts';

/** What Invoke answers. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the function answered, its error, or that too many run. */
export function invocationAnswer(invocation: Invocation): Answer {
  if (isThrottled(invocation)) return THROTTLED;
  return {
    status: 200,
    headers: {
      'x-amz-executed-version': '$LATEST',
      ...(!invocation.ok && { 'x-amz-function-error': 'Unhandled' }),
    },
    body: invocation.ok ? invocation.json : JSON.stringify(invocation.error),
  };
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors */
const THROTTLED: Answer = {
  status: 429,
  headers: { 'x-amzn-errortype': 'TooManyRequestsException' },
  body: JSON.stringify({
    Type: 'User',
    Reason: 'ConcurrentInvocationLimitExceeded',
    message: 'Rate Exceeded.',
  }),
};

export function refusal(status: number, type: string, Message: string): Answer {
  const body = JSON.stringify({ Type: 'User', Message, message: Message });
  return { status, headers: { 'x-amzn-errortype': type }, body };
}

export function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  clock: Clock,
): void {
  response.writeHead(status, {
    date: httpDate(clock),
    'content-type': 'application/json',
    'x-amzn-requestid': randomUUID(),
    ...headers,
  });
  response.end(body);
}
