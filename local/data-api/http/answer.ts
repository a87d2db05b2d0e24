import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { DataApiError } from '../errors.ts';
import { toJson } from '../json.ts';

/** What goes back to the client, before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function successAnswer(body: object): Answer {
  return { status: 200, headers: {}, body: toJson(body) };
}

/** The exception's name goes into a header; a message only where there is one. */
export function errorAnswer({ name, message, status, fields }: DataApiError): Answer {
  const body = toJson({ ...(message && { message }), ...fields });
  return { status, headers: { 'x-amzn-errortype': name }, body };
}

/** @returns how many bytes the body has */
export function send(response: ServerResponse, { status, headers, body }: Answer): number {
  const bytes = Buffer.byteLength(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes,
    'x-amzn-requestid': randomUUID(),
    ...headers,
  });
  response.end(body);
  return bytes;
}
