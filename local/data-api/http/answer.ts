import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Clock, httpDate } from '../../aws/clock.ts';
import type { DataApiError } from '../errors.ts';

/** What goes back to the client, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function successAnswer(body: object): Answer {
  return { status: 200, headers: {}, body: JSON.stringify(body) };
}

/** The exception's name goes into a header; a message only where there is one. */
export function errorAnswer({ name, message, status, fields }: DataApiError): Answer {
  const body = JSON.stringify({ ...(message && { message }), ...fields });
  return { status, headers: { 'x-amzn-errortype': name }, body };
}

/**
 * @param clock by which clients of AWS set their own
 * @returns how many bytes the body has
 */
export function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  clock: Pick<Clock, 'now'>,
): number {
  const bytes = Buffer.byteLength(body);
  response.writeHead(status, {
    date: httpDate(clock),
    'content-type': 'application/json',
    'content-length': bytes,
    'x-amzn-requestid': randomUUID(),
    ...headers,
  });
  response.end(body);
  return bytes;
}
